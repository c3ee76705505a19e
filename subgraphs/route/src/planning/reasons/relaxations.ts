import type { Instance, InstanceVehicle } from '../instance/instance.ts';
import { capacityVector, LOAD_DIMENSIONS, loadVector } from '../instance/loads.ts';
import { OwnWindows } from './own-windows.ts';

export type FitKind =
  | 'NOTHING'
  | 'LATER_WINDOW'
  | 'EARLIER_WINDOW'
  | 'LONGER_SHIFT'
  | 'EARLIER_SHIFT'
  | 'MORE_WEIGHT'
  | 'MORE_VOLUME'
  | 'MORE_PALLETS'
  | 'MORE_PARCELS'
  | 'SKILL'
  | 'MORE_VISITS'
  | 'MORE_DISTANCE'
  | 'LONGER_DURATION';

/** One rule that can be relaxed step by step. */
export type Relaxation = {
  readonly kind: FitKind;
  /** Where routes are measured; `prepare` changes it. */
  readonly instance: Instance;
  /** More than this is no small change any more. At least 1. */
  readonly maxSteps: number;
  /** What one step is, in the unit that people are told. */
  readonly unit: number;
  prepare(steps: number): void;
  /** null: this vehicle is not concerned. */
  relax(vehicle: InstanceVehicle, steps: number): InstanceVehicle | null;
};

/** Those that an order and the vehicles of its problem have. */
export function relaxationsFor(
  instance: Instance,
  order: number,
  earliestSeconds: number,
): Relaxation[] {
  return [
    ...windowRelaxations(instance, order),
    ...shiftRelaxations(instance, earliestSeconds),
    ...roomRelaxations(instance, order),
    skillRelaxation(instance, order),
    ...limitRelaxations(instance, order),
  ];
}

const MAX_WINDOW_MINUTES = 12 * 60;
const MAX_SHIFT_MINUTES = 4 * 60;
/** Of a tenth of a kilometre. */
const MAX_DISTANCE_STEPS = 5_000;

function windowRelaxations(instance: Instance, order: number): Relaxation[] {
  const { pickup, delivery } = instance.problem.orders[order]!;
  if (!pickup?.windows.length && !delivery?.windows.length) return [];
  const own = new OwnWindows(instance);
  const relaxed = {
    instance: own.instance,
    maxSteps: MAX_WINDOW_MINUTES,
    unit: 1,
    relax: (vehicle: InstanceVehicle) => vehicle,
  };
  return [
    {
      ...relaxed,
      kind: 'LATER_WINDOW',
      prepare: (minutes) => own.widen(order, { earlierSeconds: 0, laterSeconds: minutes * 60 }),
    },
    {
      ...relaxed,
      kind: 'EARLIER_WINDOW',
      prepare: (minutes) => own.widen(order, { earlierSeconds: minutes * 60, laterSeconds: 0 }),
    },
  ];
}

function shiftRelaxations(instance: Instance, earliestSeconds: number): Relaxation[] {
  return [
    vehicleRelaxation(instance, {
      kind: 'LONGER_SHIFT',
      maxSteps: MAX_SHIFT_MINUTES,
      relax: (vehicle, minutes) => ({
        ...vehicle,
        shiftEndSeconds: vehicle.shiftEndSeconds + minutes * 60,
      }),
    }),
    vehicleRelaxation(instance, {
      kind: 'EARLIER_SHIFT',
      maxSteps: MAX_SHIFT_MINUTES,
      relax: (vehicle, minutes) => ({
        ...vehicle,
        shiftStartSeconds: Math.max(earliestSeconds, vehicle.shiftStartSeconds - minutes * 60),
      }),
    }),
  ];
}

function limitRelaxations(instance: Instance, order: number): Relaxation[] {
  const { pickup, delivery } = instance.problem.orders[order]!;
  return [
    vehicleRelaxation(instance, {
      kind: 'MORE_VISITS',
      maxSteps: pickup && delivery ? 2 : 1,
      relax: (vehicle, visits) =>
        vehicle.maxVisits === Infinity
          ? null
          : { ...vehicle, maxVisits: vehicle.maxVisits + visits },
    }),
    vehicleRelaxation(instance, {
      kind: 'MORE_DISTANCE',
      maxSteps: MAX_DISTANCE_STEPS,
      unit: 0.1,
      relax: (vehicle, steps) =>
        vehicle.maxDistanceMeters === Infinity
          ? null
          : { ...vehicle, maxDistanceMeters: vehicle.maxDistanceMeters + steps * 100 },
    }),
    vehicleRelaxation(instance, {
      kind: 'LONGER_DURATION',
      maxSteps: MAX_SHIFT_MINUTES,
      relax: (vehicle, minutes) =>
        vehicle.maxDurationSeconds === Infinity
          ? null
          : { ...vehicle, maxDurationSeconds: vehicle.maxDurationSeconds + minutes * 60 },
    }),
  ];
}

/** What is locked stays locked. */
function skillRelaxation(instance: Instance, order: number): Relaxation {
  const { orders, vehicles } = instance.problem;
  const { requirements } = orders[order]!;
  return vehicleRelaxation(instance, {
    kind: 'SKILL',
    maxSteps: 1,
    unit: 0,
    relax(vehicle) {
      const { capabilities } = vehicles[vehicle.index]!;
      if (requirements.every((need) => capabilities.includes(need))) return null;
      const isCapable = vehicle.isCapable.slice();
      isCapable[order] = 1;
      return { ...vehicle, isCapable };
    },
  });
}

const ROOM_KINDS = ['MORE_WEIGHT', 'MORE_VOLUME', 'MORE_PALLETS', 'MORE_PARCELS'] as const;
/** Grams, cubic centimetres, pieces; and the same in what people are told. */
const ROOM_STEPS = [100, 10_000, 1, 1];
const ROOM_UNITS = [0.1, 0.01, 1, 1];

function roomRelaxations(instance: Instance, order: number): Relaxation[] {
  const { orders, vehicles } = instance.problem;
  const loads = orders.map(({ load }) => loadVector(load));
  // An instance leaves out dimensions that cannot bind, which is no help here.
  const allDimensions: Instance = {
    ...instance,
    dimensions: LOAD_DIMENSIONS,
    load: Float64Array.from(loads.flat()),
  };
  return ROOM_KINDS.flatMap((kind, dimension) => {
    const step = ROOM_STEPS[dimension]!;
    const maxSteps = Math.ceil(loads[order]![dimension]! / step);
    if (maxSteps === 0) return [];
    return vehicleRelaxation(allDimensions, {
      kind,
      maxSteps,
      unit: ROOM_UNITS[dimension]!,
      relax(vehicle, steps) {
        const capacity = Float64Array.from(capacityVector(vehicles[vehicle.index]!.capacity));
        capacity[dimension]! += steps * step;
        return { ...vehicle, capacity };
      },
    });
  });
}

function vehicleRelaxation(
  instance: Instance,
  relaxation: Pick<Relaxation, 'kind' | 'maxSteps' | 'relax'> & { unit?: number },
): Relaxation {
  return { instance, unit: 1, prepare: () => {}, ...relaxation };
}
