import type { RouteRows } from './route-rows.ts';
import { lastStartInGaps, startInGaps } from './search-space.ts';

/** Earliest departures and metres of a whole row. */
export function refreshForwards(rows: RouteRows, route: number): void {
  const { space, nodes, departs, legMeters } = rows;
  const { opens, closes, hasGaps, serviceSeconds, visitCount } = space;
  const { size, metersFrom, secondsFrom } = space.arcs[route]!;
  const vehicle = space.vehicles[route]!;
  const begin = route * rows.stride;
  const end = begin + rows.lengths[route]! + 1;
  let now = vehicle.shiftStartSeconds;
  let isBroken = 0;
  let meters = 0;
  departs[begin] = now;
  let row = nodes[begin]! * size;
  for (let at = begin + 1; at < end; at++) {
    const node = nodes[at]!;
    const leg = metersFrom[row + node]!;
    legMeters[at] = leg;
    meters += leg;
    now += secondsFrom[row + node]!;
    if (hasGaps[node] === 1) now = Math.min(startInGaps(space, node, now), closes[node]! + 1);
    else if (now < opens[node]!) now = opens[node]!;
    if (now > closes[node]!) isBroken = 1;
    now += node < visitCount ? serviceSeconds[node]! : vehicle.reloadSeconds;
    departs[at] = now;
    row = node * size;
  }
  const last = nodes[end]!;
  legMeters[end] = metersFrom[row + last]!;
  departs[end] = now + secondsFrom[row + last]!;
  if (departs[end] > vehicle.shiftEndSeconds) isBroken = 1;
  rows.meters[route] = meters + legMeters[end];
  rows.isBroken[route] = isBroken;
}

/** Latest arrivals of a whole row. */
export function refreshBackwards(rows: RouteRows, route: number): void {
  const { space, nodes, closes } = rows;
  const { hasGaps, serviceSeconds, visitCount } = space;
  const { size, secondsFrom } = space.arcs[route]!;
  const vehicle = space.vehicles[route]!;
  const begin = route * rows.stride;
  const end = begin + rows.lengths[route]! + 1;
  let latest = vehicle.shiftEndSeconds;
  closes[end] = latest;
  for (let at = end - 1; at > begin; at--) {
    const node = nodes[at]!;
    latest -= secondsFrom[node * size + nodes[at + 1]!]!;
    latest -= node < visitCount ? serviceSeconds[node]! : vehicle.reloadSeconds;
    if (latest > space.closes[node]!) latest = space.closes[node]!;
    else if (hasGaps[node] === 1) {
      latest = Math.max(lastStartInGaps(space, node, latest), space.opens[node]! - 1);
    }
    closes[at] = latest;
  }
}

/** Makes room for one slot after this one. */
export function shiftTimes(rows: RouteRows, route: number, slot: number): void {
  const { departs, closes, legMeters } = rows;
  const begin = route * rows.stride;
  for (let at = begin + rows.lengths[route]!; at > begin + slot; at--) {
    departs[at + 1] = departs[at]!;
    closes[at + 1] = closes[at]!;
    legMeters[at + 1] = legMeters[at]!;
  }
  const end = begin + rows.lengths[route]! + 1;
  rows.nodes[end] = rows.space.endNodes[route]!;
}

/** The visit in this slot is new: what comes after it is later, until waiting takes up the delay. */
export function delayFrom(rows: RouteRows, route: number, slot: number): void {
  const { space, nodes, departs, legMeters } = rows;
  const { opens, hasGaps, serviceSeconds, visitCount } = space;
  const { size, metersFrom, secondsFrom } = space.arcs[route]!;
  const { reloadSeconds } = space.vehicles[route]!;
  const begin = route * rows.stride;
  const end = begin + rows.lengths[route]! + 1;
  const first = begin + slot;
  const toNew = metersFrom[nodes[first - 1]! * size + nodes[first]!]!;
  const fromNew = metersFrom[nodes[first]! * size + nodes[first + 1]!]!;
  rows.meters[route]! += toNew + fromNew - legMeters[first + 1]!;
  legMeters[first] = toNew;
  legMeters[first + 1] = fromNew;
  let now = departs[first - 1]!;
  for (let at = first; at < end; at++) {
    const node = nodes[at]!;
    now += secondsFrom[nodes[at - 1]! * size + node]!;
    if (hasGaps[node] === 1) now = startInGaps(space, node, now);
    else if (now < opens[node]!) now = opens[node]!;
    now += node < visitCount ? serviceSeconds[node]! : reloadSeconds;
    if (departs[at] === now && at > first) return;
    departs[at] = now;
  }
  departs[end] = now + secondsFrom[nodes[end - 1]! * size + nodes[end]!]!;
}

/** And what comes before it closes earlier, until a window closes earlier anyway. */
export function hurryFrom(rows: RouteRows, route: number, slot: number): void {
  const { space, nodes, closes } = rows;
  const { hasGaps, serviceSeconds, visitCount } = space;
  const { size, secondsFrom } = space.arcs[route]!;
  const { reloadSeconds } = space.vehicles[route]!;
  const begin = route * rows.stride;
  const first = begin + slot;
  let latest = closes[first + 1]!;
  for (let at = first; at > begin; at--) {
    const node = nodes[at]!;
    latest -= secondsFrom[node * size + nodes[at + 1]!]!;
    latest -= node < visitCount ? serviceSeconds[node]! : reloadSeconds;
    if (latest > space.closes[node]!) latest = space.closes[node]!;
    else if (hasGaps[node] === 1) latest = lastStartInGaps(space, node, latest);
    if (closes[at] === latest && at < first) return;
    closes[at] = latest;
  }
}
