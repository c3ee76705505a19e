import type { OrderLoad, PlanningOrder, PlanningProblem, VehicleCapacity } from './problem.ts';
import type { TravelMatrix } from './travel/matrix-provider.ts';
import { providerOf } from './travel/provider-of.ts';

/** Weight in grams, volume in cubic centimetres, parcels. */
export type LoadVector = readonly [number, number, number];

export const LOAD_DIMENSIONS = 3;

/** A problem in the form the search wants: indexes for keys, whole units, everything looked up once. */
export type Instance = {
  readonly problem: PlanningProblem;
  readonly orders: readonly InstanceOrder[];
  readonly vehicles: readonly InstanceVehicle[];
};

export type InstanceOrder = {
  /** Index in the problem's orders. */
  readonly index: number;
  /** Row and column in the matrices. */
  readonly place: number;
  readonly isPickup: boolean;
  readonly load: LoadVector;
  /** By start, with the last second in which service may start; one without bounds when none is asked for. */
  readonly windows: readonly StartWindow[];
  readonly serviceSeconds: number;
  readonly priority: number;
};

/** Both ends included. */
export type StartWindow = { readonly firstSeconds: number; readonly lastSeconds: number };

export type InstanceVehicle = {
  /** Index in the problem's vehicles. */
  readonly index: number;
  readonly limits: VehicleLimits;
  readonly matrix: TravelMatrix;
  readonly costPerMeter: number;
  readonly costPerSecond: number;
  readonly fixedCost: number;
  /** By order index. */
  readonly isCapable: { readonly [orderIndex: number]: boolean };
};

export type VehicleLimits = {
  readonly capacity: LoadVector;
  readonly shiftStartSeconds: number;
  readonly shiftEndSeconds: number;
};

/** @throws TypeError when a matrix is missing, which `checkProblem` tells first */
export function compileProblem(problem: PlanningProblem): Instance {
  const travel = providerOf(problem);
  return {
    problem,
    orders: problem.orders.map(compileOrder),
    vehicles: problem.vehicles.map((vehicle, index) => {
      const capabilities = new Set(vehicle.capabilities);
      return {
        index,
        limits: { ...vehicle, capacity: capacityVector(vehicle.capacity) },
        matrix: travel.matrix(vehicle.profile),
        costPerMeter: vehicle.cost.perKm / 1_000,
        costPerSecond: vehicle.cost.perHour / 3_600,
        fixedCost: vehicle.cost.fixed,
        isCapable: problem.orders.map(({ requirements }) =>
          requirements.every((requirement) => capabilities.has(requirement)),
        ),
      };
    }),
  };
}

/** The exact units in which loads are added up and compared. */
export function loadVector(load: OrderLoad): LoadVector {
  return [Math.round(load.weightKg * 1e3), Math.round(load.volumeM3 * 1e6), load.parcels];
}

export function capacityVector(capacity: VehicleCapacity): LoadVector {
  return loadVector({ ...capacity, parcels: capacity.parcels ?? Number.MAX_SAFE_INTEGER });
}

function compileOrder(order: PlanningOrder, index: number): InstanceOrder {
  return {
    index,
    place: index + 1,
    isPickup: order.kind === 'PICKUP',
    load: loadVector(order.load),
    windows: compileWindows(order),
    serviceSeconds: order.serviceSeconds,
    priority: order.priority,
  };
}

function compileWindows({ windows }: PlanningOrder): readonly StartWindow[] {
  if (windows.length === 0) return [{ firstSeconds: -Infinity, lastSeconds: Infinity }];
  return windows
    .map(({ startSeconds, endSeconds }) => ({
      firstSeconds: startSeconds,
      lastSeconds: endSeconds - 1,
    }))
    .toSorted((a, b) => a.firstSeconds - b.firstSeconds || a.lastSeconds - b.lastSeconds);
}
