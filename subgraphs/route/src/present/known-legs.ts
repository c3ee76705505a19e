import { legEstimator } from '../planning/travel/estimate.ts';
import type { GeoPoint } from '../planning/travel/geo-point.ts';
import type { TravelMatrices, TravelMatrix } from '../planning/travel/matrix-provider.ts';
import type { VehicleProfile } from '../planning/travel/vehicle-profile.ts';
import type { PlannedLeg } from './planned-legs.ts';

/** A leg of a vehicle of this kind. */
type ProfileLeg = PlannedLeg & { readonly profile: VehicleProfile };

/** A leg that nobody needs; no route can take it. */
const NO_WAY_METERS = 3e7;
const NO_WAY_SECONDS = 1e8;

/**
 * Matrices of which only so many legs are there as it takes to put a few places into routes that
 * stand: the routes' own, as they were planned, and estimates from and to each of the few. So
 * no more is computed than a few rows and columns, of a matrix that is filled with one number. Where the routes were planned by
 * road, the estimates are longer by as much as the roads were, all routes together.
 */
export function knownLegs(
  points: readonly GeoPoint[],
  {
    profiles,
    planned,
    anywhere,
  }: {
    profiles: Iterable<VehicleProfile>;
    planned: readonly ProfileLeg[];
    /** Places that may come before and after any other. */
    anywhere: Iterable<number>;
  },
): TravelMatrices {
  const estimate = legEstimator(points);
  const matrices = new Map(
    Array.from(profiles, (profile) => [profile, emptyMatrix(points.length)]),
  );
  const detours = new Map(
    Array.from(matrices.keys(), (profile) => [profile, roadDetour(estimate, planned, profile)]),
  );
  const setEstimate = (
    profile: VehicleProfile,
    matrix: TravelMatrix,
    index: number,
    straightMeters: number,
  ) => {
    const detour = detours.get(profile)!;
    const seconds = estimate.seconds(straightMeters, profile) * detour.seconds;
    setLeg(matrix, index, Math.round(straightMeters * detour.meters), Math.round(seconds));
  };
  for (const place of anywhere) {
    for (let other = 0; other < points.length; other++) {
      const straight = estimate.meters(place, other);
      for (const [profile, matrix] of matrices) {
        setEstimate(profile, matrix, place * points.length + other, straight);
        setEstimate(profile, matrix, other * points.length + place, straight);
      }
    }
  }
  for (const leg of planned) {
    const matrix = matrices.get(leg.profile);
    if (matrix === undefined) continue;
    const index = leg.from * points.length + leg.to;
    if (leg.isEstimated) setEstimate(leg.profile, matrix, index, estimate.meters(leg.from, leg.to));
    else setLeg(matrix, index, leg.distanceMeters, leg.durationSeconds);
  }
  return Object.fromEntries(matrices);
}

/** How much longer the roads were than their estimates; at least 1. */
function roadDetour(
  estimate: ReturnType<typeof legEstimator>,
  planned: readonly ProfileLeg[],
  profile: VehicleProfile,
): { meters: number; seconds: number } {
  const road = { meters: 0, seconds: 0 };
  const straight = { meters: 0, seconds: 0 };
  for (const leg of planned) {
    if (leg.isEstimated || leg.profile !== profile) continue;
    const meters = estimate.meters(leg.from, leg.to);
    straight.meters += meters;
    straight.seconds += estimate.seconds(meters, profile);
    road.meters += leg.distanceMeters;
    road.seconds += leg.durationSeconds;
  }
  const longer = (by: number, than: number) => (than > 0 ? Math.max(1, by / than) : 1);
  return {
    meters: longer(road.meters, straight.meters),
    seconds: longer(road.seconds, straight.seconds),
  };
}

function setLeg(matrix: TravelMatrix, index: number, meters: number, seconds: number): void {
  matrix.distanceMeters[index] = meters;
  matrix.durationSeconds[index] = seconds;
}

function emptyMatrix(size: number): TravelMatrix {
  const distanceMeters = new Int32Array(size * size).fill(NO_WAY_METERS);
  const durationSeconds = new Int32Array(size * size).fill(NO_WAY_SECONDS);
  for (let place = 0; place < size; place++) {
    distanceMeters[place * size + place] = durationSeconds[place * size + place] = 0;
  }
  return { size, distanceMeters, durationSeconds, isEstimated: true };
}
