import { capacityVector, LOAD_DIMENSIONS, loadVector } from '../instance/loads.ts';
import type { PlanningOrder } from '../problem.ts';
import type { CheckedRoute } from './problem-facts.ts';

/**
 * No leg carries more than the vehicle holds: for each leg, every order of the route is asked
 * whether it is on board there.
 */
export function checkLoads({ route, vehicle, facts, violations }: CheckedRoute): void {
  const events = route.stops.flatMap((stop): Event[] => {
    if (stop.kind === 'BREAK') return [];
    if (stop.kind === 'RELOAD') return [{ kind: 'RELOAD', order: null }];
    const { kind } = stop;
    return stop.orderKeys.flatMap((key) => {
      const order = facts.order(key);
      return order ? [{ kind, order }] : [];
    });
  });
  const orders = [...new Set(events.flatMap(({ order }) => order ?? []))];
  const capacity = capacityVector(vehicle.capacity);
  for (let leg = 0; leg <= events.length; leg++) {
    const onBoard = orders.filter((order) => isOnBoard(order, events, leg));
    const loads = onBoard.map(({ load }) => loadVector(load));
    for (let dimension = 0; dimension < LOAD_DIMENSIONS; dimension++) {
      const carried = loads.reduce((sum, load) => sum + load[dimension]!, 0);
      violations.expect(
        carried <= capacity[dimension]!,
        `${carried} ${UNITS[dimension]} on leg ${leg + 1}, room for ${capacity[dimension]}`,
      );
    }
  }
}

const UNITS = ['grams', 'cm3', 'pallets', 'parcels'];

type Event =
  | { readonly kind: 'RELOAD'; readonly order: null }
  | { readonly kind: 'PICKUP' | 'DELIVERY'; readonly order: PlanningOrder };

/** @param leg The one that leads to the event with this index. */
function isOnBoard(order: PlanningOrder, events: readonly Event[], leg: number): boolean {
  const at = (kind: Event['kind']) =>
    events.findIndex((event) => event.kind === kind && event.order === order);
  const reloadedBetween = (from: number, to: number) =>
    events.slice(from, to).some(({ kind }) => kind === 'RELOAD');
  const isPickedUp = order.pickup === null || at('PICKUP') < leg;
  const isDelivered = order.delivery !== null && at('DELIVERY') < leg;
  if (!isPickedUp || isDelivered) return false;
  // Only what has one visit is unloaded at, or loaded from, the depot between two trips.
  if (order.pickup === null) return !reloadedBetween(leg, at('DELIVERY'));
  return order.delivery !== null || !reloadedBetween(at('PICKUP'), leg);
}
