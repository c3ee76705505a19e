import type { PlanningBreak } from '../problem.ts';
import type { SolutionRoute, SolutionStop } from '../solution.ts';
import { checkFigures } from './figures.ts';
import type { CheckedRoute } from './problem-facts.ts';
import { missedBy, timedVisits } from './windows.ts';

/** Shift, breaks, reloads, the limits of the vehicle, and the figures of the route. */
export function checkRouteLimits(checked: CheckedRoute): void {
  const { route, vehicle, violations } = checked;
  const { startSeconds, endSeconds, stops } = route;
  violations.expect(startSeconds >= vehicle.shiftStartSeconds, 'starts before the shift');
  violations.expect(endSeconds <= vehicle.shiftEndSeconds, 'ends after the shift');
  const duration = endSeconds - startSeconds;
  violations.expect(
    duration <= (vehicle.maxDurationSeconds ?? Infinity),
    `takes ${duration} s, at most ${vehicle.maxDurationSeconds}`,
  );
  const visits = stops.reduce((sum, stop) => sum + stop.orderKeys.length, 0);
  violations.expect(
    visits <= (vehicle.maxVisits ?? Infinity),
    `makes ${visits} visits, at most ${vehicle.maxVisits}`,
  );
  const { distanceMeters } = route.metrics;
  violations.expect(
    distanceMeters <= (vehicle.maxDistanceMeters ?? Infinity),
    `goes ${distanceMeters} m, at most ${vehicle.maxDistanceMeters}`,
  );
  checkReloads(checked);
  checkBreaks(checked);
  checkRouteFigures(checked);
}

function checkReloads({ route, vehicle, violations }: CheckedRoute): void {
  const reloads = route.stops.filter((stop) => stop.kind === 'RELOAD');
  const most = vehicle.reload?.max ?? 0;
  violations.expect(reloads.length <= most, `is reloaded ${reloads.length} times, at most ${most}`);
  for (const reload of reloads) {
    violations.expect(reload.place === vehicle.reload?.place, 'is reloaded at another place');
    violations.expectEqual('reload', reload.serviceSeconds, vehicle.reload?.durationSeconds ?? 0);
  }
}

function checkBreaks({ route, vehicle, violations }: CheckedRoute): void {
  const taken = route.stops.filter((stop) => stop.kind === 'BREAK');
  violations.expect(
    areTaken(vehicle.breaks, taken, route),
    `has not its breaks: ${taken.length} of ${vehicle.breaks.length} are taken`,
  );
  for (const [index, stop] of route.stops.entries()) {
    if (stop.kind !== 'BREAK') continue;
    const before = route.stops[index - 1]?.place ?? vehicle.startPlace;
    const next = route.stops.slice(index).find(({ kind }) => kind !== 'BREAK');
    const after = next?.place ?? vehicle.endPlace;
    violations.expect(stop.place === before || stop.place === after, 'rests off its way');
  }
}

/** One after the other, each break is the next one taken, or is not needed. */
function areTaken(
  breaks: readonly PlanningBreak[],
  taken: readonly SolutionStop[],
  route: SolutionRoute,
): boolean {
  const [next, ...later] = breaks;
  if (next === undefined) return taken.length === 0;
  const [stop, ...rest] = taken;
  if (stop && isThatBreak(stop, next) && areTaken(later, rest, route)) return true;
  const isOffRoad =
    route.endSeconds <= next.latestStartSeconds ||
    route.startSeconds >= next.earliestStartSeconds + next.durationSeconds;
  return isOffRoad && areTaken(later, taken, route);
}

function isThatBreak(stop: SolutionStop, pause: PlanningBreak): boolean {
  return (
    stop.serviceSeconds === pause.durationSeconds &&
    stop.serviceStartSeconds >= pause.earliestStartSeconds &&
    stop.serviceStartSeconds <= pause.latestStartSeconds
  );
}

function checkRouteFigures({ route, vehicle, facts, violations }: CheckedRoute): void {
  const { stops, legToEnd } = route;
  const legs = [...stops.map((stop) => stop.legFromPrevious), ...(legToEnd ? [legToEnd] : [])];
  const distanceMeters = legs.reduce((sum, leg) => sum + leg.distanceMeters, 0);
  const breaks = stops.filter((stop) => stop.kind === 'BREAK');
  const others = stops.filter((stop) => stop.kind !== 'BREAK');
  const hours = (route.endSeconds - route.startSeconds) / 3_600;
  checkFigures(violations, route.metrics, {
    distanceMeters,
    drivingSeconds: legs.reduce((sum, leg) => sum + leg.durationSeconds, 0),
    serviceSeconds: others.reduce((sum, stop) => sum + stop.setupSeconds + stop.serviceSeconds, 0),
    waitingSeconds: stops.reduce((sum, stop) => sum + stop.waitingSeconds, 0),
    breakSeconds: breaks.reduce((sum, stop) => sum + stop.serviceSeconds, 0),
    latenessSeconds: stops
      .flatMap((stop) => timedVisits(facts, stop))
      .reduce((sum, timed) => sum + missedBy(timed), 0),
    co2eGrams: vehicle.co2eGramsPerKm * (distanceMeters / 1_000),
    cost:
      vehicle.cost.fixed +
      (vehicle.cost.perKm * distanceMeters) / 1_000 +
      vehicle.cost.perHour * hours,
  });
}
