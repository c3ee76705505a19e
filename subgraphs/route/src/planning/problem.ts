import type { GeoPoint } from './travel/geo-point.ts';
import type { TravelMatrices } from './travel/matrix-provider.ts';
import type { VehicleProfile } from './travel/vehicle-profile.ts';

/**
 * One depot and one day, as plain data that can be posted to another thread.
 *
 * All times are whole seconds from one reference instant that the caller picks (the local
 * midnight of the service date is a good one); planning never learns which instant it is.
 */
export type PlanningProblem = {
  /** Where every vehicle starts, is loaded and ends. */
  readonly depot: GeoPoint;
  readonly vehicles: readonly PlanningVehicle[];
  readonly orders: readonly PlanningOrder[];
  readonly travel: Travel;
};

/**
 * `ESTIMATE`: from the straight line, made on the planner's thread.
 * `MATRICES`: one matrix for each profile in use; row and column 0 are the depot, i + 1 is order i.
 */
export type Travel =
  | { readonly kind: 'ESTIMATE' }
  | { readonly kind: 'MATRICES'; readonly matrices: TravelMatrices };

/** A vehicle with its driver in one shift; a vehicle with two shifts is listed twice. */
export type PlanningVehicle = {
  /** The caller's own reference, unique among the vehicles. */
  readonly key: string;
  readonly profile: VehicleProfile;
  readonly capacity: VehicleCapacity;
  /** Capabilities of the vehicle and skills of its driver together. */
  readonly capabilities: readonly string[];
  readonly shiftStartSeconds: number;
  /** Back at the depot at the latest. */
  readonly shiftEndSeconds: number;
  readonly cost: VehicleCost;
};

/** Compared in whole grams and cubic centimetres, so that sums are exact. */
export type VehicleCapacity = {
  readonly weightKg: number;
  readonly volumeM3: number;
  /** null: any number of parcels. */
  readonly parcels: number | null;
};

/** In the organization's currency; hours count from leaving the depot to being back. */
export type VehicleCost = {
  readonly perKm: number;
  readonly perHour: number;
  /** Once, when the vehicle is used at all. */
  readonly fixed: number;
};

export type PlanningOrder = {
  /** The caller's own reference, unique among the orders. */
  readonly key: string;
  /** A DELIVERY is loaded at the depot before the route starts, a PICKUP is unloaded there at its end. */
  readonly kind: OrderKind;
  readonly point: GeoPoint;
  readonly load: OrderLoad;
  /** Service starts inside one of them; none means at any time. At most `MAX_WINDOWS`, in any order. */
  readonly windows: readonly ServiceWindow[];
  readonly serviceSeconds: number;
  /** Each of them must be among the vehicle's capabilities. */
  readonly requirements: readonly string[];
  /** 0 to 100; when not everything fits, the higher is served. */
  readonly priority: number;
};

export type OrderKind = 'DELIVERY' | 'PICKUP';

export type OrderLoad = {
  readonly weightKg: number;
  readonly volumeM3: number;
  readonly parcels: number;
};

/** Half-open: service starts at `startSeconds` or later and before `endSeconds`. */
export type ServiceWindow = {
  readonly startSeconds: number;
  readonly endSeconds: number;
};

export const MAX_ORDERS = 2_000;
export const MAX_VEHICLES = 500;
export const MAX_WINDOWS = 3;
