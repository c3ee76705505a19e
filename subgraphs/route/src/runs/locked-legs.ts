import { canStand } from '../planning/checks/lock-feasibility.ts';
import type { PlanningProblem, PlanningVehicle } from '../planning/problem.ts';
import { estimateMatrix } from '../planning/travel/estimate.ts';
import type { TravelMatrices, TravelMatrix } from '../planning/travel/matrix-provider.ts';
import type { PresentRoute } from '../storage/stores/present-routes.ts';
import type { RunProblem } from './run-problem.ts';

/**
 * A locked route was planned with the figures of its day: by road while today's router is away, or by
 * the straight line when the roads were not known. Where today's make it impossible, it keeps those
 * that it was planned with. Matrices of the problem are changed in place.
 */
export function withLockedLegs(run: RunProblem): RunProblem {
  const { problem, present } = run;
  const impossible = (problem.present?.routes ?? [])
    .filter((route) => route.isLocked && !canStand(problem, route))
    .map(({ vehicleKey }) => vehicleKey);
  if (impossible.length === 0) return run;
  const matrices = matricesOf(problem);
  const placeOf = placesOfOrders(problem);
  for (const key of impossible) {
    const vehicle = problem.vehicles.find((each) => each.key === key)!;
    const route = present.find(({ shiftId }) => shiftId === key)!;
    for (const leg of legsOf(route, vehicle, placeOf)) setLeg(matrices[vehicle.profile]!, leg);
  }
  return { ...run, problem: { ...problem, travel: { kind: 'MATRICES', matrices } } };
}

function matricesOf({ travel, places, vehicles }: PlanningProblem): TravelMatrices {
  if (travel.kind === 'MATRICES') return travel.matrices;
  const profiles = [...new Set(vehicles.map(({ profile }) => profile))];
  return Object.fromEntries(profiles.map((profile) => [profile, estimateMatrix(places, profile)]));
}

function placesOfOrders({ orders }: PlanningProblem): ReadonlyMap<string, number> {
  return new Map(orders.map(({ key, pickup, delivery }) => [key, (pickup ?? delivery)!.place]));
}

type Step = { to: number | undefined; meters: number; seconds: number; isEstimated: boolean };
type Leg = Step & { from: number; to: number };

/** The way over a stop of which all orders are gone belongs to the next leg. */
function legsOf(
  route: PresentRoute,
  { startPlace, endPlace }: PlanningVehicle,
  placeOf: ReadonlyMap<string, number>,
): Leg[] {
  const legs: Leg[] = [];
  let leg = { from: startPlace, meters: 0, seconds: 0, isEstimated: false };
  for (const { to, meters, seconds, isEstimated } of stepsOf(route, endPlace, placeOf)) {
    leg.meters += meters;
    leg.seconds += seconds;
    leg.isEstimated ||= isEstimated;
    if (to === undefined) continue;
    if (to !== leg.from) legs.push({ ...leg, to });
    leg = { from: to, meters: 0, seconds: 0, isEstimated: false };
  }
  return legs;
}

function stepsOf(
  { stops, distanceMeters, returnSeconds }: PresentRoute,
  endPlace: number | null,
  placeOf: ReadonlyMap<string, number>,
): Step[] {
  const steps = stops.map((stop) => ({
    to: stop.orders.map(({ id }) => placeOf.get(id)).find((place) => place !== undefined),
    meters: stop.legDistanceMeters,
    seconds: stop.legDurationSeconds,
    isEstimated: stop.legIsEstimated,
  }));
  const meters = Math.max(
    0,
    steps.reduce((left, step) => left - step.meters, distanceMeters),
  );
  const isEstimated = steps.some((step) => step.isEstimated);
  return [...steps, { to: endPlace ?? undefined, meters, seconds: returnSeconds, isEstimated }];
}

function setLeg(matrix: TravelMatrix, { from, to, meters, seconds, isEstimated }: Leg): void {
  const index = from * matrix.size + to;
  matrix.distanceMeters[index] = meters;
  matrix.durationSeconds[index] = seconds;
  if (matrix.estimatedLegs) matrix.estimatedLegs[index] = isEstimated ? 1 : 0;
}
