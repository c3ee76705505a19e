import { failure } from '@quantumroute/ops/failures';

import type { RouteContext } from '../context.ts';
import { fitOptions, type FitOption } from '../planning/reasons/fit-options.ts';
import type { Order } from '../storage/entities/order.ts';
import { standingDays } from './standing-days.ts';
import { standingProblem } from './standing-problem.ts';

/** An option with the names of the outside world. */
export type ShownFitOption = Omit<FitOption, 'vehicleKey' | 'cost'> & {
  readonly vehicleId: string;
  readonly marginalCost: number;
  readonly currency: string;
};

/** From its start a request may ask for options for so long; a list of orders runs into it. */
const MAX_MS = 2_000;

/** What would fit an order that waits into the plan of its day as it is now. None for any other. */
export async function fitOptionsOfOrder(
  { em, nowMs, signal, scope }: RouteContext,
  order: Order,
): Promise<ShownFitOption[]> {
  // A partner must not learn what the organization pays.
  if (order.status !== 'ACCEPTED' || scope().partnerId !== null) return [];
  const [standing] = await standingDays(em.fork(), {
    organizationId: order.organizationId,
    depotId: order.depotId,
    dates: [order.serviceDate],
  });
  signal.throwIfAborted();
  const wanted = standing?.orders.find(({ id }) => id === order.id);
  // Somebody was quicker.
  if (standing === undefined || wanted === undefined) return [];
  const isOutOfTime = () => Date.now() - nowMs > MAX_MS;
  if (isOutOfTime())
    throw failure('DEADLINE_EXCEEDED', 'Ask for the options of one order at a time');
  const { instance, routes, added } = standingProblem(standing, [wanted], nowMs);
  const shiftOf = new Map(standing.shifts.map((shift) => [shift.shiftId, shift]));
  return fitOptions(instance, routes, added[0]!, isOutOfTime).map(
    ({ vehicleKey, cost, ...option }) => ({
      ...option,
      vehicleId: shiftOf.get(vehicleKey)!.vehicleId,
      marginalCost: Math.max(0, cost),
      currency: standing.day.currency,
    }),
  );
}
