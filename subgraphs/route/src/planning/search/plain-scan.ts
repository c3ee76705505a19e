import type { Blinks } from './blinks.ts';
import type { Plan } from './plan.ts';
import type { SearchSpace } from './search-space.ts';

/**
 * The cheapest place for an order in all routes that are used, where metres alone make the price and
 * only hours and loads of whole routes decide what fits. What `scanSingle` says of one route after
 * the other, in one pass without calls: most of a search on such a day goes by here.
 */
export class PlainScan {
  /** What was found last. */
  route = -1;
  slot = 0;
  meters = 0;
  readonly #plan: Plan;
  readonly #blinks: Blinks;

  constructor(plan: Plan, blinks: Blinks) {
    this.#plan = plan;
    this.#blinks = blinks;
  }

  /** True when there is a place with a shorter detour than that. */
  find(order: number, mostMeters: number): boolean {
    const { space, rows, candidates } = this.#plan;
    const { nodes, departs, closes, legMeters, lengths, loads, stride } = rows;
    const { routes, count } = candidates;
    const { capacities, frozenSlots } = space;
    const { load, dimensions } = space.instance;
    const { size, metersFrom, metersTo, secondsFrom, secondsTo } = space.arcs[0]!;
    const isSymmetric = metersFrom === metersTo;
    const visit = space.firstVisit[order]!;
    const base = visit * size;
    const opensAt = space.opens[visit]!;
    const closesAt = space.closes[visit]!;
    const service = space.serviceSeconds[visit]!;
    const endsAt = opensAt + service;
    const mostLoad = capacities[0]! - load[order * dimensions]!;
    const mostVisits = space.mostVisits[0]!;
    let best = Math.ceil(mostMeters) | 0;
    let bestAt = -1;
    let bestRoute = -1;
    for (let index = 0; index < count; index++) {
      const route = routes[index]!;
      if (loads[route * dimensions]! > mostLoad) continue;
      const length = lengths[route]!;
      if (length === 0 || length >= mostVisits) continue;
      if (dimensions > 1 && !hasRoom(this.#plan, order, route)) continue;
      const begin = route * stride;
      let at = begin + frozenSlots[route]!;
      let last = begin + length;
      while (at <= last && closes[at + 1]! < endsAt) at++;
      while (at <= last && departs[last]! > closesAt) last--;
      let toVisit = metersTo[base + nodes[at]!]!;
      for (; at <= last; at++) {
        const next = nodes[at + 1]!;
        const fromVisit = metersFrom[base + next]!;
        const meters = toVisit + fromVisit - legMeters[at + 1]!;
        toVisit = isSymmetric ? fromVisit : metersTo[base + next]!;
        if (meters >= best) continue;
        let start = departs[at]! + secondsTo[base + nodes[at]!]!;
        if (start > closesAt) continue;
        if (start < opensAt) start = opensAt;
        if (start + service + secondsFrom[base + next]! > closes[at + 1]!) continue;
        if (this.#blinks.happens()) continue;
        best = meters;
        bestAt = at;
        bestRoute = route;
      }
    }
    if (bestRoute < 0) return false;
    this.route = bestRoute;
    this.slot = bestAt - bestRoute * stride;
    this.meters = best;
    return true;
  }
}

/** In the dimensions after the first. */
function hasRoom({ rows, space }: Plan, order: number, route: number): boolean {
  const { dimensions, load } = space.instance;
  for (let dimension = 1; dimension < dimensions; dimension++) {
    const amount =
      rows.loads[route * dimensions + dimension]! + load[order * dimensions + dimension]!;
    if (amount > space.capacities[dimension]!) return false;
  }
  return true;
}

/** Whether `PlainScan` tells all places and their prices. */
export function isPlain(space: SearchSpace): boolean {
  const { instance, vehicles, arcs, hasGaps } = space;
  if (space.hasPairs || space.hasLegLoads || space.hasTimed || space.mayWalk) return false;
  if (instance.movePenalty !== 0 || hasGaps.includes(1)) return false;
  return vehicles.every(
    ({ costPerMeter, maxDistanceMeters, maxVisits, capacity, isCapable }, route) =>
      costPerMeter > 0 &&
      costPerMeter === vehicles[0]!.costPerMeter &&
      maxDistanceMeters === Infinity &&
      maxVisits === vehicles[0]!.maxVisits &&
      capacity.every((most, dimension) => most === vehicles[0]!.capacity[dimension]) &&
      arcs[route] === arcs[0] &&
      !isCapable.includes(0),
  );
}
