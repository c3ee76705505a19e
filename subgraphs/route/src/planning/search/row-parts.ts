import type { RouteRows } from './route-rows.ts';

/**
 * Where seconds cost, a part of a route is (shortest duration, earliest and latest start with that
 * duration), and two parts are joined in constant time (Vidal, Crainic, Gendreau and Prins 2013).
 * Makes those from the start up to each slot and from each slot to the end.
 */
export function refreshParts(rows: RouteRows, route: number): void {
  refreshHeads(rows, route);
  refreshTails(rows, route);
}

function refreshHeads(rows: RouteRows, route: number): void {
  const { space, nodes, headSeconds, headEarliest, headLatest } = rows;
  const { opens, closes, serviceSeconds, visitCount } = space;
  const { size, secondsFrom } = space.arcs[route]!;
  const vehicle = space.vehicles[route]!;
  const begin = route * rows.stride;
  const end = begin + rows.lengths[route]! + 1;
  let seconds = 0;
  let earliest = vehicle.shiftStartSeconds;
  let latest = vehicle.shiftEndSeconds;
  headSeconds[begin] = 0;
  headEarliest[begin] = earliest;
  headLatest[begin] = latest;
  for (let at = begin + 1; at <= end; at++) {
    const node = nodes[at]!;
    const opensAt = at < end ? opens[node]! : vehicle.shiftStartSeconds;
    const closesAt = at < end ? closes[node]! : vehicle.shiftEndSeconds;
    const reached = seconds + secondsFrom[nodes[at - 1]! * size + node]!;
    const waiting = Math.max(0, opensAt - reached - latest);
    earliest = Math.max(opensAt - reached, earliest) - waiting;
    latest = Math.min(closesAt - reached, latest);
    seconds = reached + waiting;
    if (at < end) seconds += node < visitCount ? serviceSeconds[node]! : vehicle.reloadSeconds;
    headSeconds[at] = seconds;
    headEarliest[at] = earliest;
    headLatest[at] = latest;
  }
  rows.seconds[route] = end === begin + 1 ? 0 : seconds;
}

function refreshTails(rows: RouteRows, route: number): void {
  const { space, nodes, tailSeconds, tailEarliest, tailLatest } = rows;
  const { opens, closes, serviceSeconds, visitCount } = space;
  const { size, secondsFrom } = space.arcs[route]!;
  const vehicle = space.vehicles[route]!;
  const begin = route * rows.stride;
  const end = begin + rows.lengths[route]! + 1;
  let seconds = 0;
  let earliest = vehicle.shiftStartSeconds;
  let latest = vehicle.shiftEndSeconds;
  tailSeconds[end] = 0;
  tailEarliest[end] = earliest;
  tailLatest[end] = latest;
  for (let at = end - 1; at > begin; at--) {
    const node = nodes[at]!;
    const ahead =
      (node < visitCount ? serviceSeconds[node]! : vehicle.reloadSeconds) +
      secondsFrom[node * size + nodes[at + 1]!]!;
    const waiting = Math.max(0, earliest - ahead - closes[node]!);
    earliest = Math.max(earliest - ahead, opens[node]!) - waiting;
    latest = Math.min(latest - ahead, closes[node]!);
    seconds += ahead + waiting;
    tailSeconds[at] = seconds;
    tailEarliest[at] = earliest;
    tailLatest[at] = latest;
  }
}
