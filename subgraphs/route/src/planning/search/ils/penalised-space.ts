import { type Instance, type InstanceVehicle, WINDOW_STRIDE } from '../../instance/instance.ts';
import { canReload, type SearchSpace } from '../search-space.ts';

/**
 * What the penalised routes need to know of the space, one array for each figure. Routes with the
 * same `costs`, `seconds` and `tails` number are alike: the end of one can follow the beginning of another.
 */
export type PenalisedSpace = {
  readonly space: SearchSpace;
  /** Nodes of the matrices, nowhere included. */
  readonly size: number;
  /** By vehicle, at `from * size + to`: metres, seconds and the service at `to`, in money. */
  readonly costs: readonly Float32Array[];
  readonly seconds: readonly Int32Array[];
  readonly tails: Int32Array;
  /** By node. */
  readonly service: Float64Array;
  /** By node: its window; of several, the one that its route keeps as it is (see `windowAt`). */
  readonly opens: Float64Array;
  readonly closes: Float64Array;
  readonly hasSeveralWindows: boolean;
  /** No route, however long, can be late or has to wait, and seconds cost nothing beside their legs. */
  readonly isTimeless: boolean;
  /** At `node * dimensions + dimension`. */
  readonly demands: Float64Array;
  /** At `vehicle * dimensions + dimension`. */
  readonly capacities: Float64Array;
  readonly dimensions: number;
  /** The dimension of which the orders need the largest share of all vehicles. */
  readonly tightest: number;
  /** By visit. */
  readonly isPickup: Uint8Array;
  /** Some orders are picked up and some delivered, so that the highest load is that of some leg. */
  readonly goesBothWays: boolean;
  /** By dimension: the share of the largest vehicle with a limit that one unit is. */
  readonly shares: Float64Array;
  /** Some vehicle cannot serve some order. */
  readonly hasSkills: boolean;
  /** By vehicle: 1 when metres or visits are limited. */
  readonly isLimited: Uint8Array;
  /** Some visits stay where they are: of fixed orders, and in the frozen beginnings of routes. */
  readonly hasHeld: boolean;
};

/** Can late and overloaded routes be put together from parts? Only then is there a penalised space. */
export function isPenalisable(instance: Instance): boolean {
  const { vehicles, pickupOf, deliveryOf, costPerLateSecond } = instance;
  return (
    instance.visitCount > 1 &&
    !pickupOf.some((visit, order) => visit >= 0 && deliveryOf[order]! >= 0) &&
    !vehicles.some(canReload) &&
    !vehicles.some(({ breaks }) => breaks.length > 0) &&
    costPerLateSecond === null &&
    new Set(vehicles.map(costClass)).size * instance.nodeCount ** 2 <= MOST_COSTS
  );
}

/** Legs with a cost of their own: 128 MB. */
const MOST_COSTS = 32e6;

export function penalisedSpace(space: SearchSpace): PenalisedSpace {
  const { instance, vehicles, arcs } = space;
  const costClasses = vehicles.map(costClass);
  const costs = new Map<string, Float32Array>();
  const tails = new Map<string, number>();
  return {
    space,
    size: arcs[0]!.size,
    costs: vehicles.map((_, route) =>
      getOrMake(costs, costClasses[route]!, () => legCosts(space, route)),
    ),
    seconds: arcs.map(({ secondsFrom }) => secondsFrom),
    tails: Int32Array.from(vehicles, ({ shiftEndSeconds }, route) => {
      const end = `${costClasses[route]} ${shiftEndSeconds} ${space.endNodes[route]}`;
      return getOrMake(tails, end, () => tails.size);
    }),
    service: Float64Array.from(space.serviceSeconds),
    opens: Float64Array.from(space.opens),
    closes: Float64Array.from(space.closes),
    demands: demandsOf(space),
    capacities: space.capacities,
    dimensions: instance.dimensions,
    tightest: tightestOf(space),
    isPickup: instance.isPickup,
    goesBothWays: space.hasLegLoads,
    shares: sharesOf(space),
    isTimeless: isTimeless(space),
    hasSkills: vehicles.some(({ isCapable }) => isCapable.includes(0)),
    hasSeveralWindows: space.hasGaps.includes(1),
    hasHeld: instance.isFixed.includes(1) || space.frozenSlots.some((slots) => slots > 0),
    isLimited: Uint8Array.from(vehicles, ({ maxDistanceMeters, maxVisits }) =>
      maxDistanceMeters < Infinity || maxVisits < Infinity ? 1 : 0,
    ),
  };
}

function isTimeless(space: SearchSpace): boolean {
  const { vehicles, visitCount, hasTimed, hasGaps, opens, closes, serviceSeconds, arcs } = space;
  if (hasTimed || hasGaps.includes(1)) return false;
  const earliest = Math.min(...vehicles.map(({ shiftStartSeconds }) => shiftStartSeconds));
  const latest = Math.max(...vehicles.map(({ shiftStartSeconds }) => shiftStartSeconds));
  let longestLeg = 0;
  for (const { secondsFrom } of new Set(arcs)) {
    longestLeg = secondsFrom.reduce((most, seconds) => Math.max(most, seconds), longestLeg);
  }
  let longest = longestLeg * (visitCount + 1);
  for (let visit = 0; visit < visitCount; visit++) longest += serviceSeconds[visit]!;
  for (let visit = 0; visit < visitCount; visit++) {
    if (opens[visit]! > earliest || closes[visit]! < latest + longest) return false;
  }
  return vehicles.every(({ shiftEndSeconds }) => shiftEndSeconds >= latest + longest);
}

/** Index of the window that whoever is at the node at this second keeps: the first that is not over, or else the last. */
export function windowAt({ windowCount, windowLast }: Instance, node: number, now: number): number {
  let at = node * WINDOW_STRIDE;
  const last = at + windowCount[node]! - 1;
  while (at < last && now > windowLast[at]!) at++;
  return at;
}

function getOrMake<Value>(made: Map<string, Value>, key: string, make: () => Value): Value {
  const known = made.get(key) ?? make();
  made.set(key, known);
  return known;
}

/** Vehicles of one class pay the same for each leg. */
function costClass(
  { matrix, costPerMeter, costPerSecond }: InstanceVehicle,
  _: number,
  vehicles: readonly InstanceVehicle[],
): string {
  const first = vehicles.findIndex((vehicle) => vehicle.matrix === matrix);
  return `${first} ${costPerMeter} ${costPerSecond}`;
}

function legCosts(space: SearchSpace, route: number): Float32Array {
  const { costPerMeter, costPerSecond } = space.vehicles[route]!;
  const { size, metersFrom, secondsFrom } = space.arcs[route]!;
  const costs = new Float32Array(size * size);
  for (let arc = 0; arc < costs.length; arc++) {
    const seconds = secondsFrom[arc]! + space.serviceSeconds[arc % size]!;
    costs[arc] = metersFrom[arc]! * costPerMeter + seconds * costPerSecond;
  }
  return costs;
}

function demandsOf({ instance, arcs, visitCount }: SearchSpace): Float64Array {
  const { dimensions, load, orderOf } = instance;
  const demands = new Float64Array(arcs[0]!.size * dimensions);
  for (let visit = 0; visit < visitCount; visit++) {
    for (let dimension = 0; dimension < dimensions; dimension++) {
      demands[visit * dimensions + dimension] = load[orderOf[visit]! * dimensions + dimension]!;
    }
  }
  return demands;
}

function sharesOf({ instance, vehicles }: SearchSpace): Float64Array {
  return Float64Array.from({ length: instance.dimensions }, (_, dimension) => {
    const limits = vehicles.map(({ capacity }) => capacity[dimension]!);
    return 1 / Math.max(1, ...limits.filter((limit) => limit < Infinity));
  });
}

function tightestOf({ instance, vehicles }: SearchSpace): number {
  const { dimensions, load } = instance;
  const needed = Array.from({ length: dimensions }, (_, dimension) => {
    const loads = load.filter((__, index) => index % dimensions === dimension);
    const capacity = vehicles.reduce((sum, vehicle) => sum + vehicle.capacity[dimension]!, 0);
    return loads.reduce((sum, units) => sum + units, 0) / Math.max(1, capacity);
  });
  return needed.indexOf(Math.max(...needed));
}
