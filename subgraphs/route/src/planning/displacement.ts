import type { Draft } from './draft.ts';
import { insertOrders } from './insertion.ts';
import type { InstanceOrder } from './instance.ts';
import type { PlannerControl } from './planner.ts';
import type { RouteState } from './route-state.ts';

/**
 * Afterwards no order that is left out could take the place of a single one of lower priority.
 * Ends, because every exchange leaves out something less important than before.
 */
export function displaceLessImportant(draft: Draft, control: PlannerControl): void {
  let hasChanged = true;
  while (hasChanged) {
    hasChanged = false;
    for (const order of draft.leftOut.toSorted((a, b) => b.priority - a.priority)) {
      if (control.shouldStop() !== null) return;
      if (displaceFor(draft, order)) hasChanged = true;
    }
    // What was displaced may fit elsewhere, and an exchange may have made room for others.
    const leftOut = draft.leftOut.toSorted((a, b) => b.priority - a.priority);
    draft.leftOut = [];
    for (const order of leftOut) {
      insertOrders(draft, {
        orders: [order],
        rule: 'CHEAPEST',
        noise: 0,
        random: () => 0,
        control,
      });
    }
  }
}

type Exchange = {
  readonly routeIndex: number;
  /** Without the displaced order. */
  readonly route: RouteState;
  readonly displaced: InstanceOrder;
  readonly position: number;
  readonly cost: number;
};

function displaceFor(draft: Draft, order: InstanceOrder): boolean {
  const exchange = leastHarmful(draft, order);
  if (exchange === null) return false;
  exchange.route.insert(order, exchange.position);
  draft.routes[exchange.routeIndex] = exchange.route;
  draft.leftOut = [...draft.leftOut.filter((other) => other !== order), exchange.displaced];
  return true;
}

function leastHarmful(draft: Draft, order: InstanceOrder): Exchange | null {
  let best: Exchange | null = null;
  for (const [routeIndex, route] of draft.routes.entries()) {
    if (!route.vehicle.isCapable[order.index]) continue;
    for (const [at, displaced] of route.orders.entries()) {
      if (displaced.priority >= (best?.displaced.priority ?? order.priority)) continue;
      const rest = route.without(at);
      const insertion = rest.isInTime ? rest.cheapestInsertion(order) : null;
      if (insertion) best = { routeIndex, route: rest, displaced, ...insertion };
    }
  }
  return best;
}
