import type { SolutionStop } from '../solution.ts';
import type { TravelLeg } from '../travel/matrix-provider.ts';
import type { CheckedRoute } from './problem-facts.ts';
import type { Violations } from './violations.ts';
import { missedBy, timedVisits, type TimedVisit } from './windows.ts';

/** Legs, arrivals, setup, windows and service follow from each other without a gap. */
export function checkTimes(checked: CheckedRoute): void {
  const { route, vehicle, facts, violations } = checked;
  let place = vehicle.startPlace;
  let servedPlace = vehicle.startPlace;
  let now = route.startSeconds;
  for (const [index, stop] of route.stops.entries()) {
    const where = violations.of(`stop ${index + 1}`);
    if (facts.problem.places[stop.place] === undefined) {
      where.expect(false, `there is no place ${stop.place}`);
      return;
    }
    checkLeg(where, stop.legFromPrevious, facts.travel.leg(vehicle.profile, place, stop.place));
    checkArrival(where, stop, now);
    const isThere = servedPlace === stop.place;
    if (stop.orderKeys.length > 0) checkVisits(where, checked, { stop, isThere });
    else where.expectEqual('setup', stop.setupSeconds, 0);
    place = stop.place;
    if (stop.kind !== 'BREAK') servedPlace = place;
    now = stop.departureSeconds;
  }
  checkWayBack(checked, { place, now });
}

function checkWayBack(
  { route, vehicle, facts, violations }: CheckedRoute,
  { place, now }: { place: number; now: number },
): void {
  const { endPlace } = vehicle;
  const isOpen = endPlace === null;
  violations.expect(
    (route.legToEnd === null) === isOpen,
    'has a way back just where it should not',
  );
  if (!isOpen && route.legToEnd) {
    const leg = facts.travel.leg(vehicle.profile, place, endPlace);
    checkLeg(violations.of('way back'), route.legToEnd, leg);
  }
  violations.expectEqual('end', route.endSeconds, now + (route.legToEnd?.durationSeconds ?? 0));
}

function checkLeg(where: Violations, stated: TravelLeg, found: TravelLeg): void {
  where.expectEqual('leg distance', stated.distanceMeters, found.distanceMeters);
  where.expectEqual('leg duration', stated.durationSeconds, found.durationSeconds);
  where.expect(stated.isEstimated === found.isEstimated, 'leg is wrongly marked');
}

function checkArrival(where: Violations, stop: SolutionStop, leftPrevious: number): void {
  const arrival = leftPrevious + stop.legFromPrevious.durationSeconds;
  where.expectEqual('arrival', stop.arrivalSeconds, arrival);
  where.expect(stop.waitingSeconds >= 0, `waits ${stop.waitingSeconds} s`);
  const start = arrival + stop.setupSeconds + stop.waitingSeconds;
  where.expectEqual('start of service', stop.serviceStartSeconds, start);
  where.expect(stop.serviceSeconds >= 0, `serves for ${stop.serviceSeconds} s`);
  where.expectEqual('departure', stop.departureSeconds, start + stop.serviceSeconds);
}

function checkVisits(
  where: Violations,
  { facts }: CheckedRoute,
  { stop, isThere }: { stop: SolutionStop; isThere: boolean },
): void {
  const visits = timedVisits(facts, stop);
  const service = visits.reduce((sum, { visit }) => sum + visit.serviceSeconds, 0);
  where.expectEqual('service', stop.serviceSeconds, service);
  const setup = isThere ? 0 : (visits[0]?.visit.setupSeconds ?? 0);
  where.expectEqual('setup', stop.setupSeconds, setup);
  const mayBeLate = facts.problem.objectives.lateness !== null;
  for (const timed of visits) {
    const at = where.of(`order ${timed.orderKey}`);
    at.expect(timed.visit.place === stop.place, 'is served at another place');
    const missed = missedBy(timed);
    at.expect(missed < Infinity, 'is served before its windows');
    at.expect(missed === 0 || mayBeLate, 'is served outside of its windows');
    checkPromise(at, stop, timed);
  }
}

function checkPromise(at: Violations, { window }: SolutionStop, timed: TimedVisit): void {
  const { visit } = timed;
  if (window === null) {
    at.expect(visit.windows.length === 0, 'no window is promised');
    return;
  }
  const isAsked = visit.windows.some(
    ({ startSeconds, endSeconds }) =>
      startSeconds === window.startSeconds && endSeconds === window.endSeconds,
  );
  at.expect(isAsked, 'the promised window was not asked for');
  const promised = { ...timed, visit: { ...visit, windows: [window] } };
  at.expect(missedBy(promised) === missedBy(timed), 'another window is kept than the promised one');
}
