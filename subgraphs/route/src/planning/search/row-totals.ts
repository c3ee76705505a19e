import type { RouteRows } from './route-rows.ts';

/** What a row carries, and how many reloads and visits with several windows it has. */
export function refreshTotals(rows: RouteRows, route: number): void {
  const { space, nodes, stride, loads } = rows;
  const { instance, visitCount, hasGaps, firstVisit } = space;
  const { dimensions, load, orderOf } = instance;
  const begin = route * stride;
  const end = begin + rows.lengths[route]! + 1;
  const total = route * dimensions;
  for (let dimension = 0; dimension < dimensions; dimension++) loads[total + dimension] = 0;
  let reloads = 0;
  let gaps = 0;
  for (let at = begin + 1; at < end; at++) {
    const node = nodes[at]!;
    if (node >= visitCount) {
      reloads++;
      continue;
    }
    gaps += hasGaps[node]!;
    const order = orderOf[node]!;
    if (firstVisit[order] !== node) continue;
    for (let dimension = 0; dimension < dimensions; dimension++) {
      loads[total + dimension]! += load[order * dimensions + dimension]!;
    }
  }
  rows.reloads[route] = reloads;
  rows.gaps[route] = gaps;
}

export function addToTotals(rows: RouteRows, route: number, visit: number): void {
  const { instance, hasGaps, firstVisit } = rows.space;
  const { dimensions, load, orderOf } = instance;
  const order = orderOf[visit]!;
  rows.gaps[route]! += hasGaps[visit]!;
  if (firstVisit[order] !== visit) return;
  for (let dimension = 0; dimension < dimensions; dimension++) {
    rows.loads[route * dimensions + dimension]! += load[order * dimensions + dimension]!;
  }
}
