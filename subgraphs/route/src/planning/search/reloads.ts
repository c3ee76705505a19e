import type { RouteRows } from './route-rows.ts';

/**
 * Takes out the reloads that a row does not need any more: the two trips go into one. Figures are
 * fresh before and after.
 */
export function dropUselessReloads(rows: RouteRows, route: number): void {
  const { visitCount, vehicles } = rows.space;
  const begin = route * rows.stride;
  for (let slot = rows.lengths[route]!; slot > vehicles[route]!.frozenVisits; slot--) {
    const node = rows.nodes[begin + slot]!;
    if (node < visitCount) continue;
    rows.removeSlot(route, slot);
    rows.refresh(route);
    if (fits(rows, route)) continue;
    rows.insert(route, slot - 1, node);
    rows.refresh(route);
  }
}

/** No leg carries more than the vehicle takes. */
function fits(rows: RouteRows, route: number): boolean {
  const { dimensions } = rows.space.instance;
  const { capacity } = rows.space.vehicles[route]!;
  const begin = route * rows.stride * dimensions;
  const end = begin + (rows.lengths[route]! + 1) * dimensions;
  for (let at = begin; at < end; at++) {
    if (rows.legLoads[at]! > capacity[at % dimensions]!) return false;
  }
  return true;
}
