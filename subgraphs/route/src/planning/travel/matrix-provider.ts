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
  /** In a matrix of road data: 1 at the index of each leg that is an estimate all the same. */
  readonly estimatedLegs?: Uint8Array;
};

export type TravelMatrices = Readonly<Partial<Record<VehicleProfile, TravelMatrix>>>;

/** Where the figures of one problem's places come from: the estimate, or matrices that a routing engine gave. */
export type MatrixProvider = {
  /** Every leg for one profile; throws a TypeError when it has none for it. */
  matrix(profile: VehicleProfile): TravelMatrix;
  /** One leg of the same figures, without making a matrix for it. */
  leg(profile: VehicleProfile, fromPlace: number, toPlace: number): TravelLeg;
};

export type TravelLeg = {
  readonly distanceMeters: number;
  readonly durationSeconds: number;
  readonly isEstimated: boolean;
};
