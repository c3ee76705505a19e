import type { OfferTaker } from './best-two.ts';
import { NO_RELOAD, packPlace } from './place.ts';
import { openingCostOf, type RouteRows } from './route-rows.ts';
import { startInGaps } from './search-space.ts';

/**
 * Offers places in a route where both visits of a pair fit, with what it costs there. For each slot
 * of the pickup, the route is walked on with the delay that the pickup makes, until a visit would be
 * late; times are exact. Places of the pickup alone that cost more than the second best pair so far
 * are passed over.
 */
export function scanPair(rows: RouteRows, order: number, route: number, found: OfferTaker): void {
  const { space } = rows;
  const { vehicles, visitCount, hasGaps, opens, closes: shuts, serviceSeconds } = space;
  const { size, metersFrom, metersTo, secondsFrom, secondsTo } = space.arcs[route]!;
  const { nodes, departs, closes, legMeters } = rows;
  const vehicle = vehicles[route]!;
  const pickup = space.firstVisit[order]!;
  const delivery = space.secondVisit[order]!;
  const pickupRow = pickup * size;
  const deliveryRow = delivery * size;
  const begin = route * rows.stride;
  const first = begin + vehicle.frozenVisits;
  const last = begin + rows.lengths[route]!;
  const isTimed = space.isTimed[route] === 1;
  const perMeter = vehicle.costPerMeter;
  const mostMeters = vehicle.maxDistanceMeters - rows.meters[route]!;
  const openingCost = openingCostOf(rows, route);
  const direct = metersFrom[pickupRow + delivery]!;
  const directSeconds = secondsFrom[pickupRow + delivery]!;
  let limit = found.secondPrice - openingCost;

  for (let at = first; at <= last; at++) {
    if (departs[at]! > shuts[pickup]!) break;
    if (!hasRoomOn(rows, order, route, at)) continue;
    const before = nodes[at]!;
    const toPickup = metersTo[pickupRow + before]!;
    const around = toPickup + metersFrom[pickupRow + nodes[at + 1]!]! - legMeters[at + 1]!;
    const together =
      toPickup + direct + metersFrom[deliveryRow + nodes[at + 1]!]! - legMeters[at + 1]!;
    if (around * perMeter >= limit && together * perMeter >= limit) continue;
    let now = departs[at]! + secondsTo[pickupRow + before]!;
    if (hasGaps[pickup] === 1) now = startInGaps(space, pickup, now);
    else if (now < opens[pickup]!) now = opens[pickup]!;
    if (now > shuts[pickup]!) continue;
    now += serviceSeconds[pickup]!;
    if (isTimed) startPart(rows, route, at, pickup);

    // The delivery right after the pickup.
    let start = now + directSeconds;
    if (hasGaps[delivery] === 1) start = startInGaps(space, delivery, start);
    else if (start < opens[delivery]!) start = opens[delivery]!;
    if (
      start <= shuts[delivery]! &&
      start + serviceSeconds[delivery]! + secondsFrom[deliveryRow + nodes[at + 1]!]! <=
        closes[at + 1]! &&
      together <= mostMeters
    ) {
      const price = isTimed
        ? timedPrice(rows, route, together, at, pickup, delivery)
        : together * perMeter;
      if (price < limit) {
        found.offer(price + openingCost, packPlace(at - begin, at - begin, NO_RELOAD));
        limit = found.secondPrice - openingCost;
      }
    }

    // The delivery later in the route.
    if (around * perMeter >= limit) continue;
    let previous = pickup;
    // Then the rest of the route is too late, unless the way by the delivery is the quicker one.
    let isLate = false;
    for (let stop = at + 1; stop <= last && !isLate; stop++) {
      const node = nodes[stop]!;
      now += secondsFrom[previous * size + node]!;
      isLate = now > closes[stop]!;
      if (hasGaps[node] === 1) now = startInGaps(space, node, now);
      else if (now < opens[node]!) now = opens[node]!;
      if (now > shuts[node]!) break;
      now += node < visitCount ? serviceSeconds[node]! : vehicle.reloadSeconds;
      if (now > shuts[delivery]! || !hasRoomOn(rows, order, route, stop)) break;
      if (isTimed) extendPart(rows, route, previous, node);
      previous = node;
      const next = nodes[stop + 1]!;
      const meters =
        around +
        metersTo[deliveryRow + node]! +
        metersFrom[deliveryRow + next]! -
        legMeters[stop + 1]!;
      if (meters > mostMeters || meters * perMeter >= limit) continue;
      let arrival = now + secondsTo[deliveryRow + node]!;
      if (hasGaps[delivery] === 1) arrival = startInGaps(space, delivery, arrival);
      else if (arrival < opens[delivery]!) arrival = opens[delivery]!;
      if (arrival > shuts[delivery]!) continue;
      arrival += serviceSeconds[delivery]! + secondsFrom[deliveryRow + next]!;
      if (arrival > closes[stop + 1]!) continue;
      const price = isTimed
        ? timedPrice(rows, route, meters, stop, node, delivery)
        : meters * perMeter;
      if (price >= limit) continue;
      found.offer(price + openingCost, packPlace(at - begin, stop - begin, NO_RELOAD));
      limit = found.secondPrice - openingCost;
    }
  }
}

/** The part of the route up to the last visit walked: shortest duration, earliest and latest start. */
const part = { seconds: 0, earliest: 0, latest: 0 };

function startPart(rows: RouteRows, route: number, at: number, pickup: number): void {
  part.seconds = rows.headSeconds[at]!;
  part.earliest = rows.headEarliest[at]!;
  part.latest = rows.headLatest[at]!;
  extendPart(rows, route, rows.nodes[at]!, pickup);
}

function extendPart({ space }: RouteRows, route: number, from: number, node: number): void {
  const { size, secondsFrom } = space.arcs[route]!;
  const reached = part.seconds + secondsFrom[from * size + node]!;
  const waiting = Math.max(0, space.opens[node]! - reached - part.latest);
  part.latest = Math.min(space.closes[node]! - reached, part.latest);
  part.seconds =
    reached +
    waiting +
    (node < space.visitCount ? space.serviceSeconds[node]! : space.vehicles[route]!.reloadSeconds);
}

/** With the delivery after the part and the rest of the route, from the slot after `at`, after that; Infinity when it takes too long. */
function timedPrice(
  rows: RouteRows,
  route: number,
  meters: number,
  at: number,
  previous: number,
  delivery: number,
): number {
  const { space } = rows;
  const vehicle = space.vehicles[route]!;
  const { seconds, latest } = part;
  extendPart(rows, route, previous, delivery);
  const left =
    part.seconds +
    space.arcs[route]!.secondsFrom[delivery * space.arcs[route]!.size + rows.nodes[at + 1]!]!;
  const total =
    left + Math.max(0, rows.tailEarliest[at + 1]! - left - part.latest) + rows.tailSeconds[at + 1]!;
  part.seconds = seconds;
  part.latest = latest;
  if (total > vehicle.maxDurationSeconds) return Infinity;
  const now = rows.seconds[route]!;
  return (
    meters * vehicle.costPerMeter +
    (total - now) * (vehicle.costPerSecond + (total + now) * vehicle.costPerSquaredSecond)
  );
}

function hasRoomOn(rows: RouteRows, order: number, route: number, at: number): boolean {
  const { dimensions, load } = rows.space.instance;
  const { capacity } = rows.space.vehicles[route]!;
  for (let dimension = 0; dimension < dimensions; dimension++) {
    const amount =
      rows.legLoads[at * dimensions + dimension]! + load[order * dimensions + dimension]!;
    if (amount > capacity[dimension]!) return false;
  }
  return true;
}
