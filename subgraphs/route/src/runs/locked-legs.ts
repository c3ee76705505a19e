import { canStand } from '../planning/checks/lock-feasibility.ts';
import type { PlanningProblem } from '../planning/problem.ts';
import { estimateMatrix } from '../planning/travel/estimate.ts';
import type { TravelMatrices, TravelMatrix } from '../planning/travel/matrix-provider.ts';
import { plannedLegs, type PlannedLeg } from '../present/planned-legs.ts';
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
    for (const leg of plannedLegs(route, { ...vehicle, placeOf })) {
      setLeg(matrices[vehicle.profile]!, leg);
    }
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

function setLeg(matrix: TravelMatrix, leg: PlannedLeg): void {
  const index = leg.from * matrix.size + leg.to;
  matrix.distanceMeters[index] = leg.distanceMeters;
  matrix.durationSeconds[index] = leg.durationSeconds;
  if (matrix.estimatedLegs) matrix.estimatedLegs[index] = leg.isEstimated ? 1 : 0;
}
