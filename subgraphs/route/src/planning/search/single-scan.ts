import type { OfferTaker } from './best-two.ts';
import { NO_RELOAD, packPlace } from './place.ts';
import { openingCostOf, type RouteRows } from './route-rows.ts';
import { startInGaps } from './search-space.ts';

/** Offers the places in a route where an order of one visit fits, with what it costs there. */
export function scanSingle(rows: RouteRows, order: number, route: number, found: OfferTaker): void {
  const { space, nodes, departs, closes, legMeters } = rows;
  const { frozenVisits, costPerMeter } = space.vehicles[route]!;
  const visit = space.firstVisit[order]!;
  const { size, metersFrom, metersTo } = space.arcs[route]!;
  const isSymmetric = metersFrom === metersTo;
  const base = visit * size;
  const closesAt = space.closes[visit]!;
  const endsAt = space.opens[visit]! + space.serviceSeconds[visit]!;
  const begin = route * rows.stride;
  const last = begin + rows.lengths[route]!;
  const openingCost = openingCostOf(rows, route);
  let limit = found.secondPrice - openingCost;
  let at = begin + frozenVisits;
  while (at <= last && closes[at + 1]! < endsAt) at++;
  let toVisit = metersTo[base + nodes[at]!]!;
  for (; at <= last && departs[at]! <= closesAt; at++) {
    const next = nodes[at + 1]!;
    const fromVisit = metersFrom[base + next]!;
    const meters = toVisit + fromVisit - legMeters[at + 1]!;
    toVisit = isSymmetric ? fromVisit : metersTo[base + next]!;
    if (meters * costPerMeter >= limit) continue;
    const price = priceAfter(rows, order, route, at);
    if (price >= limit) continue;
    found.offer(price + openingCost, packPlace(at - begin, 0, NO_RELOAD));
    limit = found.secondPrice - openingCost;
  }
}

/**
 * What it costs to put an order of one visit after the slot at this index of the rows; Infinity when
 * it does not fit there. What holds for the route as a whole is not looked at: see
 * `InsertionPrices.mayFit` and `openingCostOf`.
 */
export function priceAfter(rows: RouteRows, order: number, route: number, at: number): number {
  const { space, nodes } = rows;
  const visit = space.firstVisit[order]!;
  const { size, metersFrom, metersTo, secondsFrom, secondsTo } = space.arcs[route]!;
  const toVisit = visit * size + nodes[at]!;
  const fromVisit = visit * size + nodes[at + 1]!;
  const closesAt = space.closes[visit]!;
  let start = rows.departs[at]! + secondsTo[toVisit]!;
  if (start > closesAt) return Infinity;
  if (start < space.opens[visit]!) start = space.opens[visit]!;
  else if (space.hasGaps[visit] === 1) start = startInGaps(space, visit, start);
  const end = start + space.serviceSeconds[visit]! + secondsFrom[fromVisit]!;
  if (end > rows.closes[at + 1]!) return Infinity;
  if (space.hasLegLoads && !hasRoomAfter(rows, order, route, at)) return Infinity;
  const vehicle = space.vehicles[route]!;
  const meters = metersTo[toVisit]! + metersFrom[fromVisit]! - rows.legMeters[at + 1]!;
  if (rows.meters[route]! + meters > vehicle.maxDistanceMeters) return Infinity;
  if (space.isTimed[route] === 0) return meters * vehicle.costPerMeter;
  const seconds = secondsWith(rows, { visit, route, at });
  if (seconds > vehicle.maxDurationSeconds) return Infinity;
  const before = rows.seconds[route]!;
  return (
    meters * vehicle.costPerMeter +
    (seconds - before) * (vehicle.costPerSecond + (seconds + before) * vehicle.costPerSquaredSecond)
  );
}

/** The shortest duration of the route with the visit: what is before it, the visit, what is after it. */
function secondsWith(
  rows: RouteRows,
  { visit, route, at }: { visit: number; route: number; at: number },
): number {
  const { space, nodes } = rows;
  const { size, secondsFrom, secondsTo } = space.arcs[route]!;
  const headLatest = rows.headLatest[at]!;
  const reached = rows.headSeconds[at]! + secondsTo[visit * size + nodes[at]!]!;
  const waiting = Math.max(0, space.opens[visit]! - reached - headLatest);
  const latest = Math.min(space.closes[visit]! - reached, headLatest);
  const done = reached + waiting + space.serviceSeconds[visit]!;
  const next = done + secondsFrom[visit * size + nodes[at + 1]!]!;
  const waitingAfter = Math.max(0, rows.tailEarliest[at + 1]! - next - latest);
  return next + waitingAfter + rows.tailSeconds[at + 1]!;
}

/** A delivery adds to all legs of its trip before it, a pickup to all after it. */
function hasRoomAfter(rows: RouteRows, order: number, route: number, at: number): boolean {
  const { dimensions, load, isPickup } = rows.space.instance;
  const { capacity } = rows.space.vehicles[route]!;
  const visit = rows.space.firstVisit[order]!;
  const highest = isPickup[visit] === 1 ? rows.highestAfter : rows.highestBefore;
  for (let dimension = 0; dimension < dimensions; dimension++) {
    const amount = highest[at * dimensions + dimension]! + load[order * dimensions + dimension]!;
    if (amount > capacity[dimension]!) return false;
  }
  return true;
}
