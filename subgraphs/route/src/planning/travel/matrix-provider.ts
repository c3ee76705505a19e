import type { GeoPoint } from './geo-point.ts';
import type { VehicleProfile } from './vehicle-profile.ts';

/**
 * From every point to every point, row by row: the leg from a to b is at `a * size + b`.
 * There and back may differ. Whole metres and seconds; the diagonal is 0.
 */
export type TravelMatrix = {
  readonly size: number;
  readonly distanceMeters: Int32Array;
  readonly durationSeconds: Int32Array;
  /** True when the figures come from the straight line, not from road data. */
  readonly isEstimated: boolean;
};

export type TravelMatrices = Readonly<Partial<Record<VehicleProfile, TravelMatrix>>>;

/** Where legs come from: the estimate of this folder, or an adapter to a routing engine elsewhere. */
export type MatrixProvider = {
  matrix(request: {
    readonly points: readonly GeoPoint[];
    readonly profile: VehicleProfile;
    readonly signal?: AbortSignal;
  }): Promise<TravelMatrix>;
};

export type TravelLeg = {
  readonly distanceMeters: number;
  readonly durationSeconds: number;
  readonly isEstimated: boolean;
};
