import { legEstimator } from '../planning/travel/estimate.ts';
import type { GeoPoint } from '../planning/travel/geo-point.ts';
import type { TravelMatrices, TravelMatrix } from '../planning/travel/matrix-provider.ts';
import type { VehicleProfile } from '../planning/travel/vehicle-profile.ts';

/** A way that a planned route takes. */
export type PlannedLeg = {
  readonly profile: VehicleProfile;
  readonly from: number;
  readonly to: number;
  readonly distanceMeters: number;
  readonly durationSeconds: number;
  readonly isEstimated: boolean;
};

/** A leg that nobody needs; no route can take it. */
const NO_WAY_METERS = 3e7;
const NO_WAY_SECONDS = 1e8;

/**
 * Matrices of which only so many legs are there as it takes to put a few places into routes that
 * stand: the routes' own, as they were planned, and estimates from and to each of the few. So the
 * work grows with the number of places and not with its square.
 */
export function knownLegs(
  points: readonly GeoPoint[],
  {
    profiles,
    planned,
    anywhere,
  }: {
    profiles: Iterable<VehicleProfile>;
    planned: readonly PlannedLeg[];
    /** Places that may come before and after any other. */
    anywhere: Iterable<number>;
  },
): TravelMatrices {
  const estimate = legEstimator(points);
  const matrices = new Map(
    Array.from(profiles, (profile) => [profile, emptyMatrix(points.length)]),
  );
  for (const place of anywhere) {
    for (let other = 0; other < points.length; other++) {
      const meters = estimate.meters(place, other);
      for (const [profile, matrix] of matrices) {
        const seconds = estimate.seconds(meters, profile);
        setLeg(matrix, place * points.length + other, meters, seconds);
        setLeg(matrix, other * points.length + place, meters, seconds);
      }
    }
  }
  for (const leg of planned) {
    const matrix = matrices.get(leg.profile);
    if (matrix === undefined) continue;
    const meters = leg.isEstimated ? estimate.meters(leg.from, leg.to) : leg.distanceMeters;
    const seconds = leg.isEstimated ? estimate.seconds(meters, leg.profile) : leg.durationSeconds;
    setLeg(matrix, leg.from * points.length + leg.to, meters, seconds);
  }
  return Object.fromEntries(matrices);
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
