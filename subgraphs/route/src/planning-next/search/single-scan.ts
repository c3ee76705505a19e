import type { OfferTaker } from './best-two.ts';
import { NO_RELOAD, packPlace } from './place.ts';
import { openingCostOf, type RouteRows } from './route-rows.ts';
import { startInGaps } from './search-space.ts';

/** Offers every place in a route where an order of one visit fits, with what it costs there. */
export function scanSingle(rows: RouteRows, order: number, route: number, found: OfferTaker): void {
  const { space } = rows;
  if (space.isTimed[route] === 1) return scanTimed(rows, order, route, found);
  const { instance } = space;
  const vehicle = space.vehicles[route]!;
  const visit = space.firstVisit[order]!;
  const { size, metersFrom, metersTo, secondsFrom, secondsTo } = space.arcs[route]!;
  const { nodes, departs, closes, legMeters } = rows;
  const base = visit * size;
  const opensAt = space.opens[visit]!;
  const closesAt = space.closes[visit]!;
  const hasGaps = space.hasGaps[visit] === 1;
  const hasLegLoads = space.hasLegLoads;
  const service = space.serviceSeconds[visit]!;
  const highest = instance.isPickup[visit] === 1 ? rows.highestAfter : rows.highestBefore;
  const begin = route * rows.stride;
  const first = begin + vehicle.frozenVisits;
  const last = begin + rows.lengths[route]!;
  const perMeter = vehicle.costPerMeter;
  const mostMeters = vehicle.maxDistanceMeters - rows.meters[route]!;
  const openingCost = openingCostOf(rows, route);
  let limit = Infinity;
  for (let at = first; at <= last; at++) {
    const departure = departs[at]!;
    if (departure > closesAt) break;
    const previous = nodes[at]!;
    const next = nodes[at + 1]!;
    const meters = metersTo[base + previous]! + metersFrom[base + next]! - legMeters[at + 1]!;
    const price = meters * perMeter;
    if (price >= limit || meters > mostMeters) continue;
    let start = departure + secondsTo[base + previous]!;
    if (start > closesAt) continue;
    if (start < opensAt) start = opensAt;
    else if (hasGaps) start = startInGaps(space, visit, start);
    if (start + service + secondsFrom[base + next]! > closes[at + 1]!) continue;
    if (hasLegLoads && !hasRoom(rows, order, route, highest, at)) continue;
    found.offer(price + openingCost, packPlace(at - begin, 0, NO_RELOAD));
    limit = found.secondPrice - openingCost;
  }
}

/** The same where seconds cost something or the duration is limited. */
function scanTimed(rows: RouteRows, order: number, route: number, found: OfferTaker): void {
  const { space } = rows;
  const { instance } = space;
  const vehicle = space.vehicles[route]!;
  const visit = space.firstVisit[order]!;
  const { size, metersFrom, metersTo, secondsFrom, secondsTo } = space.arcs[route]!;
  const { nodes, departs, closes, legMeters } = rows;
  const { headSeconds, headLatest, tailSeconds, tailEarliest } = rows;
  const base = visit * size;
  const opensAt = space.opens[visit]!;
  const closesAt = space.closes[visit]!;
  const hasGaps = space.hasGaps[visit] === 1;
  const hasLegLoads = space.hasLegLoads;
  const service = space.serviceSeconds[visit]!;
  const highest = instance.isPickup[visit] === 1 ? rows.highestAfter : rows.highestBefore;
  const begin = route * rows.stride;
  const first = begin + vehicle.frozenVisits;
  const last = begin + rows.lengths[route]!;
  const perMeter = vehicle.costPerMeter;
  const perSecond = vehicle.costPerSecond;
  const perSquaredSecond = vehicle.costPerSquaredSecond;
  const secondsNow = rows.seconds[route]!;
  const mostMeters = vehicle.maxDistanceMeters - rows.meters[route]!;
  const mostSeconds = vehicle.maxDurationSeconds;
  const openingCost = openingCostOf(rows, route);
  for (let at = first; at <= last; at++) {
    const departure = departs[at]!;
    if (departure > closesAt) break;
    const previous = nodes[at]!;
    const next = nodes[at + 1]!;
    const meters = metersTo[base + previous]! + metersFrom[base + next]! - legMeters[at + 1]!;
    if (meters > mostMeters) continue;
    const toVisit = secondsTo[base + previous]!;
    const fromVisit = secondsFrom[base + next]!;
    let start = departure + toVisit;
    if (start > closesAt) continue;
    if (start < opensAt) start = opensAt;
    else if (hasGaps) start = startInGaps(space, visit, start);
    if (start + service + fromVisit > closes[at + 1]!) continue;
    if (hasLegLoads && !hasRoom(rows, order, route, highest, at)) continue;
    const reached = headSeconds[at]! + toVisit;
    const waiting = Math.max(0, opensAt - reached - headLatest[at]!);
    const latest = Math.min(closesAt - reached, headLatest[at]!);
    const left = reached + waiting + service + fromVisit;
    const seconds =
      left + Math.max(0, tailEarliest[at + 1]! - left - latest) + tailSeconds[at + 1]!;
    if (seconds > mostSeconds) continue;
    const more = seconds - secondsNow;
    const price =
      meters * perMeter + more * (perSecond + (seconds + secondsNow) * perSquaredSecond);
    found.offer(price + openingCost, packPlace(at - begin, 0, NO_RELOAD));
  }
}

function hasRoom(
  { space }: RouteRows,
  order: number,
  route: number,
  highest: Float64Array,
  at: number,
): boolean {
  const { dimensions, load } = space.instance;
  const { capacity } = space.vehicles[route]!;
  for (let dimension = 0; dimension < dimensions; dimension++) {
    const amount = highest[at * dimensions + dimension]! + load[order * dimensions + dimension]!;
    if (amount > capacity[dimension]!) return false;
  }
  return true;
}
