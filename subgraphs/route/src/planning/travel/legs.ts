import type { PlanningProblem } from '../problem.ts';
import type { GeoPoint } from './geo-point.ts';
import { estimateLeg, estimateMatrix } from './estimate.ts';
import type { TravelLeg, TravelMatrices, TravelMatrix } from './matrix-provider.ts';
import type { VehicleProfile } from './vehicle-profile.ts';

/** The matrices of every profile in use: as given, or estimated now. */
export function matricesOf(problem: PlanningProblem): TravelMatrices {
  if (problem.travel.kind === 'MATRICES') return problem.travel.matrices;
  const points = [problem.depot, ...problem.orders.map((order) => order.point)];
  const profiles = new Set(problem.vehicles.map((vehicle) => vehicle.profile));
  return Object.fromEntries(
    Array.from(profiles, (profile) => [profile, estimateMatrix(points, profile)]),
  );
}

/** Place 0 is the depot, place i + 1 is order i. */
export type LegLookup = (profile: VehicleProfile, fromPlace: number, toPlace: number) => TravelLeg;

/** Single legs of the same figures, without making the matrices of an estimate. */
export function legsOf(problem: PlanningProblem): LegLookup {
  const { travel } = problem;
  if (travel.kind === 'MATRICES') {
    return (profile, from, to) => legInMatrix(travel.matrices[profile], from, to);
  }
  const pointAt = (place: number): GeoPoint =>
    place === 0 ? problem.depot : (problem.orders[place - 1]?.point ?? problem.depot);
  return (profile, from, to) => estimateLeg(pointAt(from), pointAt(to), profile);
}

function legInMatrix(matrix: TravelMatrix | undefined, from: number, to: number): TravelLeg {
  if (matrix === undefined) throw new TypeError('There is no matrix for a profile in use');
  const index = from * matrix.size + to;
  return {
    distanceMeters: matrix.distanceMeters[index] ?? 0,
    durationSeconds: matrix.durationSeconds[index] ?? 0,
    isEstimated: matrix.isEstimated,
  };
}
