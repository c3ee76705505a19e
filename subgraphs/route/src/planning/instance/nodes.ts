import {
  MAX_WINDOWS,
  type PlanningOrder,
  type PlanningProblem,
  type PlanningVisit,
  type ServiceWindow,
} from '../problem.ts';
import type { Instance } from './instance.ts';

/** Far outside of every shift, and far from the bounds of 32 bits. */
export const OPEN = 1e8;

/** A node's windows are at index `node * WINDOW_STRIDE + i`. */
export const WINDOW_STRIDE = MAX_WINDOWS;

export type CompiledNodes = Pick<
  Instance,
  | 'visitCount'
  | 'nodeCount'
  | 'place'
  | 'serviceSeconds'
  | 'setupSeconds'
  | 'windowCount'
  | 'windowFirst'
  | 'windowLast'
  | 'orderOf'
  | 'isPickup'
  | 'pickupOf'
  | 'deliveryOf'
> & {
  /** The node of each place that is a vehicle's start, end or reload. */
  readonly depotNodes: ReadonlyMap<number, number>;
};

export function compileNodes(problem: PlanningProblem): CompiledNodes {
  const visits = problem.orders.flatMap(visitsOf);
  const depots = depotPlaces(problem);
  const visitCount = visits.length;
  const orderOf = Int32Array.from(visits, (visit) => visit.order);
  const isPickup = Uint8Array.from(visits, (visit) => (visit.isPickup ? 1 : 0));
  return {
    visitCount,
    nodeCount: visitCount + depots.length,
    place: Int32Array.from([...visits.map(({ visit }) => visit.place), ...depots]),
    ...compileTimes(
      visits.map(({ visit }) => visit),
      visitCount + depots.length,
    ),
    orderOf,
    isPickup,
    pickupOf: visitByOrder(problem, orderOf, (visit) => isPickup[visit] === 1),
    deliveryOf: visitByOrder(problem, orderOf, (visit) => isPickup[visit] === 0),
    depotNodes: new Map(depots.map((place, index) => [place, visitCount + index])),
  };
}

/** Sorted and merged where they touch, both ends included; never empty. */
export function startWindows(
  windows: readonly ServiceWindow[],
): { firstSeconds: number; lastSeconds: number }[] {
  const merged: { firstSeconds: number; lastSeconds: number }[] = [];
  for (const { startSeconds, endSeconds } of windows.toSorted(
    (a, b) => a.startSeconds - b.startSeconds,
  )) {
    const previous = merged.at(-1);
    if (previous && startSeconds <= previous.lastSeconds + 1) {
      previous.lastSeconds = Math.max(previous.lastSeconds, endSeconds - 1);
    } else merged.push({ firstSeconds: startSeconds, lastSeconds: endSeconds - 1 });
  }
  return merged.length > 0 ? merged : [{ firstSeconds: -OPEN, lastSeconds: OPEN }];
}

type OrderVisit = {
  readonly order: number;
  readonly visit: PlanningVisit;
  readonly isPickup: boolean;
};

function visitsOf({ pickup, delivery }: PlanningOrder, order: number): OrderVisit[] {
  return [
    ...(pickup ? [{ order, visit: pickup, isPickup: true }] : []),
    ...(delivery ? [{ order, visit: delivery, isPickup: false }] : []),
  ];
}

function depotPlaces({ vehicles }: PlanningProblem): number[] {
  const places = vehicles.flatMap(({ startPlace, endPlace, reload }) => [
    startPlace,
    ...(endPlace === null ? [] : [endPlace]),
    ...(reload === null ? [] : [reload.place]),
  ]);
  return [...new Set(places)];
}

function compileTimes(visits: readonly PlanningVisit[], nodeCount: number) {
  const serviceSeconds = new Int32Array(nodeCount);
  const setupSeconds = new Int32Array(nodeCount);
  const windowCount = new Uint8Array(nodeCount).fill(1);
  const windowFirst = new Int32Array(nodeCount * WINDOW_STRIDE).fill(-OPEN);
  const windowLast = new Int32Array(nodeCount * WINDOW_STRIDE).fill(OPEN);
  for (const [node, visit] of visits.entries()) {
    serviceSeconds[node] = visit.serviceSeconds;
    setupSeconds[node] = visit.setupSeconds;
    const windows = startWindows(visit.windows);
    windowCount[node] = windows.length;
    for (const [index, { firstSeconds, lastSeconds }] of windows.entries()) {
      windowFirst[node * WINDOW_STRIDE + index] = firstSeconds;
      windowLast[node * WINDOW_STRIDE + index] = lastSeconds;
    }
  }
  return { serviceSeconds, setupSeconds, windowCount, windowFirst, windowLast };
}

function visitByOrder(
  { orders }: PlanningProblem,
  orderOf: Int32Array,
  isWanted: (visit: number) => boolean,
): Int32Array {
  const found = new Int32Array(orders.length).fill(-1);
  orderOf.forEach((order, visit) => {
    if (isWanted(visit)) found[order] = visit;
  });
  return found;
}
