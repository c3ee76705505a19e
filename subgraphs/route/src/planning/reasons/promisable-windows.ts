import { InsertionFinder, type Insertion } from './insertion-finder.ts';
import type { Instance } from '../instance/instance.ts';
import { OwnWindows, type StartWindow } from './own-windows.ts';

/** A window in which an order can be served, and the cheapest way to do it. */
export type PromisableWindow<W extends StartWindow> = {
  readonly window: W;
  readonly insertion: Insertion;
};

/**
 * Which of the windows could be kept for an order by routes that otherwise stay as they are: those
 * for which the exact walk finds a place. In the order of the windows.
 *
 * @param routes By vehicle: its visits and reloads, without the order; null for one that takes nothing.
 */
export function promisableWindows<W extends StartWindow>(
  instance: Instance,
  routes: readonly (readonly number[] | null)[],
  order: number,
  windows: readonly W[],
): PromisableWindow<W>[] {
  const own = new OwnWindows(instance);
  const finder = new InsertionFinder(own.instance);
  return windows.flatMap((window) => {
    own.set(order, window);
    const insertion = cheapest(finder, instance, routes, order);
    return insertion ? [{ window, insertion }] : [];
  });
}

/**
 * Puts orders into routes one after the other, each where it is cheapest then; one without a place is
 * left out. No search: good enough to see which room is spoken for.
 */
export function withOrders(
  instance: Instance,
  routes: readonly (readonly number[] | null)[],
  orders: readonly number[],
): (readonly number[] | null)[] {
  const finder = new InsertionFinder(instance);
  const filled = [...routes];
  for (const order of orders) {
    const insertion = cheapest(finder, instance, filled, order);
    if (insertion) filled[insertion.vehicle.index] = insertion.nodes;
  }
  return filled;
}

function cheapest(
  finder: InsertionFinder,
  { vehicles }: Instance,
  routes: readonly (readonly number[] | null)[],
  order: number,
): Insertion | null {
  const idleKinds = new Set<number>();
  let best: Insertion | null = null;
  for (const vehicle of vehicles) {
    const nodes = routes[vehicle.index] ?? null;
    if (nodes === null) continue;
    if (nodes.length === 0) {
      if (idleKinds.has(vehicle.kind)) continue;
      idleKinds.add(vehicle.kind);
    }
    const found = finder.cheapest(vehicle, nodes, order, best?.cost);
    if (found && (best === null || found.cost < best.cost)) best = found;
  }
  return best;
}
