import type { RouteRows } from './route-rows.ts';

/** Makes the loads on each leg, and the highest before and after it in one trip. */
export function refreshLegLoads(rows: RouteRows, route: number): void {
  const { dimensions } = rows.space.instance;
  const { visitCount } = rows.space;
  const first = route * rows.stride;
  const end = first + rows.lengths[route]! + 1;
  for (let dimension = 0; dimension < dimensions; dimension++) {
    let carried = 0;
    let begin = first;
    while (begin < end) {
      let stop = begin + 1;
      while (stop < end && rows.nodes[stop]! < visitCount) stop++;
      carried = refreshTrip(rows, { begin, stop, dimension, carried });
      begin = stop;
    }
  }
}

type Trip = {
  /** The slot of the start or a reload. */
  readonly begin: number;
  /** The slot of the next reload or the end. */
  readonly stop: number;
  readonly dimension: number;
  /** Pairs on board when it begins. */
  readonly carried: number;
};

/** Returns the pairs that are on board when it ends: they stay there through a reload. */
function refreshTrip(rows: RouteRows, { begin, stop, dimension, carried }: Trip): number {
  const { nodes, space, legLoads, highestBefore, highestAfter } = rows;
  const { secondVisit } = space;
  const { dimensions, load, orderOf, isPickup } = space.instance;
  let delivered = 0;
  for (let at = begin + 1; at < stop; at++) {
    const visit = nodes[at]!;
    const order = orderOf[visit]!;
    if (isPickup[visit] === 0 && secondVisit[order]! < 0) {
      delivered += load[order * dimensions + dimension]!;
    }
  }
  let onBoard = carried + delivered;
  let stillCarried = carried;
  let highest = onBoard;
  legLoads[begin * dimensions + dimension] = onBoard;
  highestBefore[begin * dimensions + dimension] = onBoard;
  for (let at = begin + 1; at < stop; at++) {
    const visit = nodes[at]!;
    const order = orderOf[visit]!;
    const amount = load[order * dimensions + dimension]!;
    const change = isPickup[visit] === 1 ? amount : -amount;
    onBoard += change;
    if (secondVisit[order]! >= 0) stillCarried += change;
    if (onBoard > highest) highest = onBoard;
    legLoads[at * dimensions + dimension] = onBoard;
    highestBefore[at * dimensions + dimension] = highest;
  }
  highest = 0;
  for (let at = stop - 1; at >= begin; at--) {
    const load = legLoads[at * dimensions + dimension]!;
    if (load > highest) highest = load;
    highestAfter[at * dimensions + dimension] = highest;
  }
  return stillCarried;
}
