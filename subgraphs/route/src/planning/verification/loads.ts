import { capacityVector, LOAD_DIMENSIONS, loadVector } from '../instance/loads.ts';
import type { PlanningOrder } from '../problem.ts';
import type { SolutionRoute } from '../solution.ts';
import type { CheckedRoute, ProblemFacts } from './problem-facts.ts';

/** No leg carries more than the vehicle holds. Leg n leads to event n, the last one to the end. */
export function checkLoads({ route, vehicle, facts, violations }: CheckedRoute): void {
  const events = eventsOf(route, facts);
  const stays = staysOf(events);
  const capacity = capacityVector(vehicle.capacity);
  for (let dimension = 0; dimension < LOAD_DIMENSIONS; dimension++) {
    const changes = new Float64Array(events.length + 2);
    for (const { order, firstLeg, lastLeg } of stays) {
      const amount = loadVector(order.load)[dimension]!;
      changes[firstLeg]! += amount;
      changes[lastLeg + 1]! -= amount;
    }
    let carried = 0;
    for (let leg = 0; leg <= events.length; leg++) {
      carried += changes[leg]!;
      violations.expect(
        carried <= capacity[dimension]!,
        `${carried} ${UNITS[dimension]} on leg ${leg + 1}, room for ${capacity[dimension]}`,
      );
    }
  }
}

const UNITS = ['grams', 'cm3', 'pallets', 'parcels'];

type Event =
  | { readonly kind: 'RELOAD' }
  | { readonly kind: 'PICKUP' | 'DELIVERY'; readonly order: PlanningOrder };

function eventsOf({ stops }: SolutionRoute, facts: ProblemFacts): Event[] {
  return stops.flatMap(({ kind, orderKeys }): Event[] => {
    if (kind === 'BREAK') return [];
    if (kind === 'RELOAD') return [{ kind }];
    return orderKeys.flatMap((key) => {
      const order = facts.order(key);
      return order ? [{ kind, order }] : [];
    });
  });
}

type Stay = {
  readonly order: PlanningOrder;
  readonly firstLeg: number;
  readonly lastLeg: number;
};

/** Where each order is on board: only what has a single visit is loaded or unloaded between trips. */
function staysOf(events: readonly Event[]): Stay[] {
  const pickedUpAt = new Map<PlanningOrder, number>();
  let tripStart = 0;
  return events.flatMap((event, at): Stay[] => {
    if (event.kind === 'RELOAD') {
      tripStart = at + 1;
      return [];
    }
    const { kind, order } = event;
    if (kind === 'PICKUP') {
      pickedUpAt.set(order, at);
      return order.delivery ? [] : [{ order, firstLeg: at + 1, lastLeg: tripEnd(events, at) }];
    }
    const pickup = pickedUpAt.get(order);
    return [{ order, firstLeg: pickup === undefined ? tripStart : pickup + 1, lastLeg: at }];
  });
}

function tripEnd(events: readonly Event[], from: number): number {
  const reload = events.findIndex((event, at) => at > from && event.kind === 'RELOAD');
  return reload < 0 ? events.length : reload;
}
