import type { GeoPoint } from './travel/geo-point.ts';
import type { TravelMatrices } from './travel/matrix-provider.ts';
import type { VehicleProfile } from './travel/vehicle-profile.ts';

/**
 * One day of one or several depots, as plain data that can be posted to another thread.
 *
 * All times are whole seconds from one reference instant that the caller picks (the local
 * midnight of the service date is a good one); planning never learns which instant it is.
 */
export type PlanningProblem = {
  /** Every point that is mentioned, once; everything else says where it is by an index into this. */
  readonly places: readonly GeoPoint[];
  readonly vehicles: readonly PlanningVehicle[];
  readonly orders: readonly PlanningOrder[];
  readonly travel: Travel;
  readonly objectives: PlanningObjectives;
  /** The plan that stands, and how much of it may change; null: plan from nothing. */
  readonly present: PresentPlan | null;
};

/**
 * `ESTIMATE`: from the straight line, made on the planner's thread.
 * `MATRICES`: one matrix for each profile in use; row and column i are place i. There and back may differ.
 */
export type Travel =
  | { readonly kind: 'ESTIMATE' }
  | { readonly kind: 'MATRICES'; readonly matrices: TravelMatrices };

/**
 * What a plan is judged by: the sum of each figure in its unit times its weight. The cost that the
 * vehicles state is `cost`; the other weights are in the same currency for one unit of the figure.
 */
export type PlanningObjectives = {
  /** Times the vehicles' costs. */
  readonly cost: number;
  /** Per kilometre. */
  readonly distance: number;
  /** Per hour from leaving to being back. */
  readonly duration: number;
  /** Per vehicle in use. */
  readonly vehicles: number;
  /**
   * Per hour that service starts after the end of its window. null: windows are never missed.
   * With a weight they may be, by any time within the shift.
   */
  readonly lateness: number | null;
  /** Per kilogram of CO2 equivalents. */
  readonly co2e: number;
  /** Per squared hour of each route's duration, which makes one long route dearer than two short ones. */
  readonly workloadBalance: number;
};

/** What the vehicles state and nothing else. */
export const COST_ONLY: PlanningObjectives = {
  cost: 1,
  distance: 0,
  duration: 0,
  vehicles: 0,
  lateness: null,
  co2e: 0,
  workloadBalance: 0,
};

/** A vehicle with its driver in one shift; a vehicle with two shifts is listed twice. */
export type PlanningVehicle = {
  /** The caller's own reference, unique among the vehicles. */
  readonly key: string;
  readonly profile: VehicleProfile;
  readonly capacity: VehicleCapacity;
  /** Capabilities of the vehicle and skills of its driver together. */
  readonly capabilities: readonly string[];
  readonly startPlace: number;
  /** null: the route ends at its last visit. */
  readonly endPlace: number | null;
  readonly shiftStartSeconds: number;
  /** At the end place, or done with the last visit, at the latest. */
  readonly shiftEndSeconds: number;
  readonly cost: VehicleCost;
  readonly co2eGramsPerKm: number;
  /** null: no limit beside the shift. */
  readonly maxDistanceMeters: number | null;
  /** From leaving to being back. null: no limit beside the shift. */
  readonly maxDurationSeconds: number | null;
  /** Visits, so a pair of pickup and delivery counts twice. null: no limit. */
  readonly maxVisits: number | null;
  /** In the order in which they are taken, earliest and latest starts both ascending; at most `MAX_BREAKS`. */
  readonly breaks: readonly PlanningBreak[];
  /** null: the vehicle is loaded once. */
  readonly reload: PlanningReload | null;
};

/** Compared in whole grams and cubic centimetres, so that sums are exact. */
export type VehicleCapacity = {
  readonly weightKg: number;
  readonly volumeM3: number;
  /** null: any number of them. */
  readonly pallets: number | null;
  readonly parcels: number | null;
};

/** In the organization's currency; hours count from leaving to being back. */
export type VehicleCost = {
  readonly perKm: number;
  readonly perHour: number;
  /** Once, when the vehicle is used at all. */
  readonly fixed: number;
};

/**
 * Taken where the vehicle stands, after a visit before it leaves or on arrival before setup. It starts
 * within [earliest, latest]. A route that is back by `latestStartSeconds`, or leaves at
 * `earliestStartSeconds + durationSeconds` or later, needs none: it is taken off the road.
 */
export type PlanningBreak = {
  readonly earliestStartSeconds: number;
  readonly latestStartSeconds: number;
  readonly durationSeconds: number;
};

/** Back to a depot during the shift: deliveries picked up there, pickups unloaded there. */
export type PlanningReload = {
  readonly place: number;
  readonly durationSeconds: number;
  /** Reloads in one shift at most. */
  readonly max: number;
};

/**
 * With a pickup visit only, it is brought to the end of the trip (the end place or the next
 * reload); with a delivery visit only, it is on board from the start of the trip; with both, one
 * vehicle makes the pickup first. At least one of them is there.
 */
export type PlanningOrder = {
  /** The caller's own reference, unique among the orders. */
  readonly key: string;
  readonly pickup: PlanningVisit | null;
  readonly delivery: PlanningVisit | null;
  readonly load: OrderLoad;
  /** Each of them must be among the vehicle's capabilities. */
  readonly requirements: readonly string[];
  /** 0 to `MAX_PRIORITY`, also halves; when not everything fits, one order is served rather than any number of less important ones. */
  readonly priority: number;
};

export type PlanningVisit = {
  readonly place: number;
  /** Service starts inside one of them; none means at any time. At most `MAX_WINDOWS`, in any order. */
  readonly windows: readonly ServiceWindow[];
  readonly serviceSeconds: number;
  /**
   * Parking and walking, between arrival and service and before the window matters; not again when
   * the vehicle is at this place already.
   */
  readonly setupSeconds: number;
};

export type OrderLoad = {
  readonly weightKg: number;
  readonly volumeM3: number;
  readonly pallets: number;
  readonly parcels: number;
};

/** Half-open: service starts at `startSeconds` or later and before `endSeconds`. */
export type ServiceWindow = {
  readonly startSeconds: number;
  readonly endSeconds: number;
};

/**
 * FULL: everything is planned anew. INSERT: what stands keeps its vehicle and its order of visits,
 * new orders are put in between. RESEQUENCE: every order stays on its vehicle (or unplanned), visits
 * change places. REPAIR: what stands is kept as far as it is still possible, the rest is planned anew.
 */
export type PlanningMode = 'FULL' | 'INSERT' | 'RESEQUENCE' | 'REPAIR';

export type PresentPlan = {
  readonly mode: PlanningMode;
  /**
   * For INSERT and REPAIR. 1: nothing that stands moves unless it must. 0: everything may. Between
   * them an order that changes its vehicle costs `stability / (1 - stability)` times the mean cost
   * per order of the present plan.
   */
  readonly stability: number;
  /** At most one for each vehicle. */
  readonly routes: readonly PresentRoute[];
};

export type PresentRoute = {
  readonly vehicleKey: string;
  readonly visits: readonly VisitReference[];
  /** So many visits at its start stay what they are: they are driven already. */
  readonly frozenVisits: number;
  /** Nothing of it changes, and nothing is added. */
  readonly isLocked: boolean;
};

export type VisitReference = {
  readonly orderKey: string;
  readonly kind: VisitKind;
};

export type VisitKind = 'PICKUP' | 'DELIVERY';

export const MAX_ORDERS = 2_000;
export const MAX_VEHICLES = 500;
/** One more than what callers know, so that of their most important ones some can still come first. */
export const MAX_PRIORITY = 101;
export const MAX_WINDOWS = 3;
export const MAX_BREAKS = 3;
export const MAX_RELOADS = 10;
