import type { PresentOrder } from '../storage/stores/present-routes.ts';
import type { RunProblem } from './run-problem.ts';

/**
 * The promises of orders that no route serves yet: each has taken a slot offer, whose window has
 * become the only one that it asks for.
 */
export function waitingPromises({
  orders,
  present,
}: Pick<RunProblem, 'orders' | 'present'>): PresentOrder[] {
  const planned = new Set(
    present.flatMap(({ stops }) => stops.flatMap((stop) => stop.orders.map(({ id }) => id))),
  );
  return Array.from(orders.values()).flatMap(({ id, isPromised, requestedWindows: [window] }) => {
    if (!isPromised || window === undefined || planned.has(id)) return [];
    const [promisedStartMs, promisedEndMs] = [Date.parse(window.start), Date.parse(window.end)];
    return { id, promisedStartMs, promisedEndMs };
  });
}
