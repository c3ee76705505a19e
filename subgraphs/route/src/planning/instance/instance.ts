import type { NodeMatrix } from './node-matrix.ts';
import type { RouteCosts } from './objective-costs.ts';
import type { PlanningProblem, PlanningVehicle } from '../problem.ts';

export type { NodeMatrix } from './node-matrix.ts';
export { OPEN, WINDOW_STRIDE } from './nodes.ts';

/**
 * A problem in the form that the search wants: indexes for keys, whole units, typed arrays,
 * everything looked up once.
 *
 * A **node** is a point in time and space of a route. First come the visits (each order has one, or
 * two when it is both picked up and delivered), then one node for each distinct start, end and
 * reload place of the vehicles. A route is a list of visits and reload nodes; its start and end
 * nodes belong to the vehicle.
 */
export type Instance = {
  readonly problem: PlanningProblem;
  readonly orderCount: number;
  readonly visitCount: number;
  readonly nodeCount: number;

  // By node. Depot nodes have no service and no windows.
  readonly place: Int32Array;
  readonly serviceSeconds: Int32Array;
  /** What the legs to this node include, unless they come from the same place. */
  readonly setupSeconds: Int32Array;
  /** How many windows the node has: at least 1, from -OPEN to OPEN when none is asked for. */
  readonly windowCount: Uint8Array;
  /** At `node * MAX_WINDOWS + index`, sorted by start and merged where they touch: first and last second in which service may start, both included. */
  readonly windowFirst: Int32Array;
  readonly windowLast: Int32Array;

  // By visit.
  readonly orderOf: Int32Array;
  /** 1 for the pickup of an order, 0 for its delivery. */
  readonly isPickup: Uint8Array;

  // By order.
  /** The visit, or -1. */
  readonly pickupOf: Int32Array;
  readonly deliveryOf: Int32Array;
  /** What leaving it out costs: more than leaving out all that are less important (see `orderPenalties`). */
  readonly penalty: Float64Array;
  /** At `order * dimensions + dimension`, in whole units; dimensions that can never be exceeded are left out, but for one. */
  readonly load: Float64Array;
  readonly dimensions: number;
  /** The vehicle that serves it in the present plan, or -1. */
  readonly presentVehicle: Int32Array;
  /** 1: it stays on its present vehicle, and in its place among the other fixed orders of that route. */
  readonly isFixed: Uint8Array;

  /** What it costs that an order leaves its present vehicle for another (0 unless `stability` asks for it). */
  readonly movePenalty: number;
  readonly vehicles: readonly InstanceVehicle[];
  /** What `objectives.lateness` says, per second; null: windows are hard. */
  readonly costPerLateSecond: number | null;
};

export type InstanceVehicle = RouteCosts & {
  /** Index in the problem's vehicles. */
  readonly index: number;
  /** Vehicles of one kind are the same in everything but their key, and none of them has a present route. */
  readonly kind: number;
  readonly startNode: number;
  /** -1: the route ends at its last visit. */
  readonly endNode: number;
  readonly shiftStartSeconds: number;
  readonly shiftEndSeconds: number;
  /** By dimension. */
  readonly capacity: Float64Array;
  readonly matrix: NodeMatrix;
  /** Infinity where there is no limit. */
  readonly maxDistanceMeters: number;
  readonly maxDurationSeconds: number;
  readonly maxVisits: number;
  readonly breaks: PlanningVehicle['breaks'];
  /** -1: none. */
  readonly reloadNode: number;
  readonly reloadSeconds: number;
  readonly maxReloads: number;
  /** By order: 1 when the vehicle has what the order requires, and mode and locks allow the two together. */
  readonly isCapable: Uint8Array;
  /** Where the search starts: what the present plan has for it, feasible, without what cannot stay. */
  readonly presentVisits: readonly number[];
  /** So many of them, from the first on, stay where they are, with nothing put between or before. */
  readonly frozenVisits: number;
};
