import { explainBlock, type BlockedVehicle, type VehicleBlockCode } from './explanation-text.ts';
import type { Instance, InstanceOrder, InstanceVehicle, LoadVector } from './instance.ts';
import type { RouteState } from './route-state.ts';
import type { UnassignedOrder } from './solution.ts';
import { earliestStart } from './start-window.ts';

/**
 * Asks of every vehicle what keeps the order off it: first as if the vehicle had nothing else to do,
 * then beside the orders that it has. The reason that holds for most vehicles comes first.
 */
export function explainUnassigned(
  instance: Instance,
  routes: readonly RouteState[],
  orders: readonly InstanceOrder[],
): UnassignedOrder[] {
  const candidates = routes.map((route): Candidate => ({ route, anyLoad: route.under(ANY_LOAD) }));
  return orders.map((order) => explainOne(instance, candidates, order));
}

/** The same route without limits of load is made once, not again for every order. */
type Candidate = { readonly route: RouteState; readonly anyLoad: RouteState };

const ANY_LOAD = { capacity: [Infinity, Infinity, Infinity] } as const;

function explainOne(
  instance: Instance,
  candidates: readonly Candidate[],
  order: InstanceOrder,
): UnassignedOrder {
  const orderKey = instance.problem.orders[order.index]!.key;
  if (candidates.length === 0) {
    return { orderKey, reasons: [{ code: 'NO_VEHICLE', message: 'No vehicle is on shift.' }] };
  }
  const blocked = candidates.flatMap((candidate) => blocksOf(candidate, order));
  const byCode = Map.groupBy(blocked, (block) => block.code);
  const reasons = Array.from(byCode, ([code, blocks]) => ({ code, blocks }))
    .toSorted((a, b) => b.blocks.length - a.blocks.length || rank(a.code) - rank(b.code))
    .map(({ code, blocks }) => ({
      code,
      message: explainBlock({ instance, order, code, blocks }),
    }));
  return { orderKey, reasons };
}

/** None when the order would fit: the search was stopped before its turn came. */
function blocksOf(candidate: Candidate, order: InstanceOrder): BlockedVehicle[] {
  const { route } = candidate;
  const alone = blocksAlone(route.vehicle, order);
  if (alone.length > 0) return alone;
  return route.cheapestInsertion(order) === null ? [blockBesideOthers(candidate, order)] : [];
}

function blocksAlone(vehicle: InstanceVehicle, order: InstanceOrder): BlockedVehicle[] {
  const blocks: BlockedVehicle[] = [];
  const add = (code: VehicleBlockCode, shortSeconds = 0) =>
    blocks.push({ code, vehicle, isAlone: true, shortSeconds, room: vehicle.limits.capacity });
  if (!vehicle.isCapable[order.index]) add('CAPABILITY');
  if (order.load.some((amount, index) => amount > vehicle.limits.capacity[index]!)) add('CAPACITY');
  const overtime = visitSeconds(vehicle, order) - shiftSeconds(vehicle);
  if (overtime > 0) add('SHIFT_DURATION', overtime);
  else if (!canVisitInWindow(vehicle, order)) add('TIME_WINDOW', secondsTooLate(vehicle, order));
  return blocks;
}

function blockBesideOthers({ route, anyLoad }: Candidate, order: InstanceOrder): BlockedVehicle {
  const { vehicle } = route;
  const block = { vehicle, isAlone: false, shortSeconds: 0, room: roomLeft(route, order) };
  if (anyLoad.cheapestInsertion(order) !== null) return { ...block, code: 'CAPACITY' };
  const anyShift = route.under({ shiftEndSeconds: Infinity });
  const insertion = anyShift.cheapestInsertion(order);
  if (insertion === null) return { ...block, code: 'TIME_WINDOW' };
  anyShift.insert(order, insertion.position);
  const shortSeconds = anyShift.endSeconds - vehicle.limits.shiftEndSeconds;
  return { ...block, code: 'SHIFT_DURATION', shortSeconds };
}

/** At the position where most room is left in the dimension that lacks most. */
function roomLeft(route: RouteState, order: InstanceOrder): LoadVector {
  const rooms = Array.from({ length: route.orders.length + 1 }, (_, position) =>
    route.roomAt(order, position),
  );
  const lack = (room: LoadVector) =>
    Math.max(...order.load.map((amount, index) => (amount - room[index]!) / Math.max(1, amount)));
  return rooms.reduce((best, room) => (lack(room) < lack(best) ? room : best));
}

/** Asked for every order that is left out and every vehicle, so it makes do without a route. */
function canVisitInWindow({ matrix, limits }: InstanceVehicle, order: InstanceOrder): boolean {
  const arrival = limits.shiftStartSeconds + matrix.durationSeconds[order.place]!;
  const back = matrix.durationSeconds[order.place * matrix.size]!;
  return earliestStart(order, arrival) + order.serviceSeconds + back <= limits.shiftEndSeconds;
}

/** Positive: the last window closes that long before the vehicle could be there. Else it opens too late. */
function secondsTooLate(vehicle: InstanceVehicle, order: InstanceOrder): number {
  const arrival = vehicle.limits.shiftStartSeconds + vehicle.matrix.durationSeconds[order.place]!;
  return arrival - Math.max(...order.windows.map((window) => window.lastSeconds));
}

/** From the depot and back. */
function visitSeconds({ matrix }: InstanceVehicle, order: InstanceOrder): number {
  const there = matrix.durationSeconds[order.place]!;
  const back = matrix.durationSeconds[order.place * matrix.size]!;
  return there + order.serviceSeconds + back;
}

function shiftSeconds({ limits }: InstanceVehicle): number {
  return limits.shiftEndSeconds - limits.shiftStartSeconds;
}

const RANKS: readonly VehicleBlockCode[] = [
  'CAPABILITY',
  'CAPACITY',
  'TIME_WINDOW',
  'SHIFT_DURATION',
];

function rank(code: VehicleBlockCode): number {
  return RANKS.indexOf(code);
}
