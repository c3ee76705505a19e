import { withPresent } from './compiled-present.ts';
import type { Instance, InstanceVehicle } from './instance.ts';
import { compileLoads } from './loads.ts';
import { nodeMatrices, type NodeMatrix } from './node-matrix.ts';
import { compileNodes } from './nodes.ts';
import { costPerLateSecond, routeCosts } from './objective-costs.ts';
import { orderPenalties } from './order-penalties.ts';
import type { PlanningProblem, PlanningVehicle } from '../problem.ts';

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
