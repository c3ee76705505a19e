import { withPresent } from './compiled-present.ts';
import { compileLoads } from './loads.ts';
import { nodeMatrices, type NodeMatrix } from './node-matrix.ts';
import { compileNodes } from './nodes.ts';
import { costPerLateSecond, routeCosts, type RouteCosts } from './objective-costs.ts';
import { orderPenalties } from './order-penalties.ts';
import type { PlanningProblem, PlanningVehicle } from './problem.ts';

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
  /** What leaving it out costs; so much more for a higher priority that the lower one is always left out first. */
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

/**
 * @param problem One in which `checkProblem` finds no flaw.
 * @throws TypeError when the problem brings matrices, but none for the profile of a vehicle.
 */
export function compileProblem(problem: PlanningProblem): Instance {
  const { depotNodes, ...nodes } = compileNodes(problem);
  const loads = compileLoads(problem);
  const kinds = new VehicleKinds(problem);
  const matrices = nodeMatrices(problem, nodes);
  const vehicles = problem.vehicles.map((vehicle, index): InstanceVehicle => ({
    index,
    kind: kinds.kindOf(index),
    ...placesOf(vehicle, depotNodes),
    ...limitsOf(vehicle),
    ...routeCosts(vehicle, problem.objectives),
    capacity: loads.capacities[index]!,
    matrix: matrices.get(vehicle.profile)!,
    isCapable: capableOrders(vehicle, problem),
    presentVisits: [],
    frozenVisits: 0,
  }));
  return withPresent({
    problem,
    orderCount: problem.orders.length,
    ...nodes,
    load: loads.load,
    dimensions: loads.dimensions,
    penalty: orderPenalties(
      problem.orders.map((order) => order.priority),
      dearestDetour(vehicles, costPerLateSecond(problem.objectives) ?? 0, nodes.visitCount),
    ),
    presentVehicle: new Int32Array(problem.orders.length).fill(-1),
    isFixed: new Uint8Array(problem.orders.length),
    movePenalty: 0,
    vehicles,
    costPerLateSecond: costPerLateSecond(problem.objectives),
  });
}

function placesOf(
  { startPlace, endPlace, reload }: PlanningVehicle,
  depotNodes: ReadonlyMap<number, number>,
) {
  return {
    startNode: depotNodes.get(startPlace)!,
    endNode: endPlace === null ? -1 : depotNodes.get(endPlace)!,
    reloadNode: reload === null ? -1 : depotNodes.get(reload.place)!,
    reloadSeconds: reload?.durationSeconds ?? 0,
    maxReloads: reload?.max ?? 0,
  };
}

function limitsOf(vehicle: PlanningVehicle) {
  return {
    shiftStartSeconds: vehicle.shiftStartSeconds,
    shiftEndSeconds: vehicle.shiftEndSeconds,
    maxDistanceMeters: vehicle.maxDistanceMeters ?? Infinity,
    maxDurationSeconds: vehicle.maxDurationSeconds ?? Infinity,
    maxVisits: vehicle.maxVisits ?? Infinity,
    breaks: vehicle.breaks,
  };
}

function capableOrders({ capabilities }: PlanningVehicle, { orders }: PlanningProblem): Uint8Array {
  const available = new Set(capabilities);
  return Uint8Array.from(orders, ({ requirements }) =>
    requirements.every((requirement) => available.has(requirement)) ? 1 : 0,
  );
}

/** Numbers what is alike, so that a search need not try the same empty vehicle twenty times. */
class VehicleKinds {
  readonly #problem: PlanningProblem;
  readonly #kinds = new Map<string, number>();
  readonly #present: ReadonlySet<string>;

  constructor(problem: PlanningProblem) {
    this.#problem = problem;
    this.#present = new Set(problem.present?.routes.map((route) => route.vehicleKey));
  }

  kindOf(index: number): number {
    const { key, capabilities, ...rest } = this.#problem.vehicles[index]!;
    const own = this.#present.has(key) ? key : null;
    const likeness = JSON.stringify([own, capabilities.toSorted(), rest]);
    const kind = this.#kinds.get(likeness) ?? this.#kinds.size;
    this.#kinds.set(likeness, kind);
    return kind;
  }
}

/** More than one more order can add to a plan: two visits on the other side of the map by a vehicle of its own, for a whole shift. */
function dearestDetour(
  vehicles: readonly InstanceVehicle[],
  lateCost: number,
  visitCount: number,
): number {
  const longestLegs = new Map<NodeMatrix, number>();
  let dearest = 0;
  for (const vehicle of vehicles) {
    const { matrix } = vehicle;
    const meters = longestLegs.get(matrix) ?? longestLeg(matrix);
    longestLegs.set(matrix, meters);
    const shift = Math.max(0, vehicle.shiftEndSeconds - vehicle.shiftStartSeconds);
    dearest = Math.max(
      dearest,
      vehicle.fixedCost +
        6 * meters * vehicle.costPerMeter +
        shift * vehicle.costPerSecond +
        shift ** 2 * vehicle.costPerSquaredSecond +
        shift * lateCost * Math.min(visitCount, MOST_MADE_LATE),
    );
  }
  return 2 * dearest + 1;
}

/** Visits that one more can delay by a whole shift; all of them would be a penalty too large to compute with. */
const MOST_MADE_LATE = 20;

function longestLeg({ meters }: NodeMatrix): number {
  let longest = 0;
  for (let index = 0; index < meters.length; index++) {
    const leg = meters[index]!;
    // Ways that cannot be driven within any shift do not count.
    if (leg > longest && leg < UNREACHABLE_METERS) longest = leg;
  }
  return longest;
}

const UNREACHABLE_METERS = 2e7;
