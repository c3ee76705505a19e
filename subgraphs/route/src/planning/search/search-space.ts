import { OPEN, WINDOW_STRIDE, type Instance, type InstanceVehicle } from '../instance/instance.ts';
import { arcsOfVehicles, type Arcs } from './arcs.ts';

/** What an instance says, prepared for the inner loops. Nodes are the instance's, and nowhere (see `Arcs`). */
export type SearchSpace = {
  readonly instance: Instance;
  readonly vehicles: readonly InstanceVehicle[];
  readonly arcs: readonly Arcs[];
  readonly visitCount: number;
  /** By node: first and last second in which service may start, whatever is between. Open all day where lateness is allowed. */
  readonly opens: Int32Array;
  readonly closes: Int32Array;
  /** By node: 1 when it has several windows, so that not every second between opening and closing will do. */
  readonly hasGaps: Uint8Array;
  readonly serviceSeconds: Int32Array;
  /** By vehicle: the node in the last slot of its route. */
  readonly endNodes: Int32Array;
  /** By order: its only visit, or the pickup of a pair. */
  readonly firstVisit: Int32Array;
  /** By order: the delivery of a pair, or -1. */
  readonly secondVisit: Int32Array;
  readonly hasPairs: boolean;
  /** Distinct penalties, and by order the index of its own. */
  readonly penaltyLevels: Float64Array;
  readonly levelOf: Int32Array;
  /** Loads have to be looked at leg by leg: not all orders go the same way, or vehicles reload. */
  readonly hasLegLoads: boolean;
  /** By vehicle: 1 when seconds cost something or are limited beside the shift. */
  readonly isTimed: Uint8Array;
  readonly hasTimed: boolean;
  /** By vehicle: 1 when only an exact walk tells its times or costs, whatever it serves (breaks, lateness). */
  readonly isWalked: Uint8Array;
  /** Some route, or some order in some route, needs an exact walk. */
  readonly mayWalk: boolean;
  /** What a metre of the first vehicle's legs costs at least; 0 when other vehicles have other legs. */
  readonly leastPerMeter: number;
  /** By vehicle: the first slot that an order may be put after. */
  /** At `vehicle * dimensions + dimension`. */
  readonly capacities: Float64Array;
  readonly mostVisits: Float64Array;
  readonly frozenSlots: Int32Array;
};

export function searchSpace(instance: Instance): SearchSpace {
  const { vehicles, orderCount, pickupOf, deliveryOf } = instance;
  const isTimed = Uint8Array.from(vehicles, (vehicle) => (isTimedVehicle(vehicle) ? 1 : 0));
  const firstVisit = new Int32Array(orderCount);
  const secondVisit = new Int32Array(orderCount);
  for (let order = 0; order < orderCount; order++) {
    const isPair = pickupOf[order]! >= 0 && deliveryOf[order]! >= 0;
    firstVisit[order] = pickupOf[order]! >= 0 ? pickupOf[order]! : deliveryOf[order]!;
    secondVisit[order] = isPair ? deliveryOf[order]! : -1;
  }
  const hasPairs = secondVisit.some((visit) => visit >= 0);
  const hasLegLoads = hasPairs || vehicles.some(canReload) || goBothWays(instance);
  const penaltyLevels = Float64Array.from(new Set(instance.penalty));
  const areWindowsSoft = instance.costPerLateSecond !== null;
  const arcs = arcsOfVehicles(vehicles, instance.nodeCount);
  const hours = compileHours(instance, areWindowsSoft);
  const isWalked = Uint8Array.from(vehicles, ({ breaks }) =>
    breaks.length > 0 || areWindowsSoft ? 1 : 0,
  );
  return {
    instance,
    vehicles,
    arcs,
    visitCount: instance.visitCount,
    ...hours,
    endNodes: Int32Array.from(vehicles, ({ endNode }) =>
      endNode >= 0 ? endNode : instance.nodeCount,
    ),
    firstVisit,
    secondVisit,
    hasPairs,
    penaltyLevels,
    levelOf: Int32Array.from(instance.penalty, (penalty) => penaltyLevels.indexOf(penalty)),
    hasLegLoads,
    isTimed,
    hasTimed: isTimed.includes(1),
    isWalked,
    mayWalk: isWalked.includes(1) || (isTimed.includes(1) && hours.hasGaps.includes(1)),
    leastPerMeter: haveSameMeters(arcs)
      ? Math.min(...vehicles.map(({ costPerMeter }) => costPerMeter))
      : 0,
    capacities: Float64Array.from(vehicles.flatMap(({ capacity }) => Array.from(capacity))),
    mostVisits: Float64Array.from(vehicles, ({ maxVisits }) => maxVisits),
    frozenSlots: Int32Array.from(vehicles, ({ frozenVisits }) => frozenVisits),
  };
}

/** When service may start at a node with several windows, arriving at this second; Infinity when it is too late. */
export function startInGaps({ instance }: SearchSpace, node: number, arrival: number): number {
  const { windowCount, windowFirst, windowLast } = instance;
  const end = node * WINDOW_STRIDE + windowCount[node]!;
  for (let at = node * WINDOW_STRIDE; at < end; at++) {
    if (arrival <= windowLast[at]!) return Math.max(arrival, windowFirst[at]!);
  }
  return Infinity;
}

/** The last second up to `bound` in which service may start at a node with several windows; -Infinity when there is none. */
export function lastStartInGaps({ instance }: SearchSpace, node: number, bound: number): number {
  const { windowCount, windowFirst, windowLast } = instance;
  const begin = node * WINDOW_STRIDE;
  for (let at = begin + windowCount[node]! - 1; at >= begin; at--) {
    if (bound >= windowFirst[at]!) return Math.min(bound, windowLast[at]!);
  }
  return -Infinity;
}

export function canReload(vehicle: InstanceVehicle): boolean {
  return vehicle.reloadNode >= 0 && vehicle.maxReloads > 0;
}

function haveSameMeters(arcs: readonly Arcs[]): boolean {
  const [first, ...others] = new Set(arcs);
  return others.every(({ metersFrom }) =>
    metersFrom.every((meters, index) => meters === first!.metersFrom[index]),
  );
}

function isTimedVehicle(vehicle: InstanceVehicle): boolean {
  return (
    vehicle.costPerSecond !== 0 ||
    vehicle.costPerSquaredSecond !== 0 ||
    vehicle.maxDurationSeconds < Infinity
  );
}

function goBothWays({ pickupOf }: Instance): boolean {
  return pickupOf.some((visit) => visit >= 0) && pickupOf.some((visit) => visit < 0);
}

function compileHours(instance: Instance, areWindowsSoft: boolean) {
  const { nodeCount, windowCount, windowFirst, windowLast } = instance;
  const opens = new Int32Array(nodeCount + 1).fill(-OPEN);
  const closes = new Int32Array(nodeCount + 1).fill(OPEN);
  const hasGaps = new Uint8Array(nodeCount + 1);
  const serviceSeconds = new Int32Array(nodeCount + 1);
  for (let node = 0; node < nodeCount; node++) {
    serviceSeconds[node] = instance.serviceSeconds[node]!;
    opens[node] = windowFirst[node * WINDOW_STRIDE]!;
    if (areWindowsSoft) continue;
    closes[node] = windowLast[node * WINDOW_STRIDE + windowCount[node]! - 1]!;
    hasGaps[node] = windowCount[node]! > 1 ? 1 : 0;
  }
  return { opens, closes, hasGaps, serviceSeconds };
}
