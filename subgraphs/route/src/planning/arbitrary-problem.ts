import * as fc from 'fast-check';
import type { PlanningOrder, PlanningProblem, PlanningVehicle, ServiceWindow } from './problem.ts';
import type { TravelMatrix } from './travel/matrix-provider.ts';
import { VEHICLE_PROFILES, type VehicleProfile } from './travel/vehicle-profile.ts';

/** Small problems with every constraint, some of them impossible; for tests only. */
export function anyProblem(): fc.Arbitrary<PlanningProblem> {
  const parts = fc.record({
    vehicles: fc.array(anyVehicle(), { maxLength: 4 }),
    orders: fc.array(anyOrder(), { maxLength: 14 }),
    hasMatrices: fc.boolean(),
    matrixSeed: fc.nat(),
  });
  return parts.map(({ vehicles, orders, hasMatrices, matrixSeed }) => {
    const problem: PlanningProblem = {
      depot: DEPOT,
      vehicles: vehicles.map((vehicle, index) => ({ ...vehicle, key: `vehicle-${index}` })),
      orders: orders.map((order, index) => ({ ...order, key: `order-${index}` })),
      travel: { kind: 'ESTIMATE' },
    };
    return hasMatrices ? withMatrices(problem, matrixSeed) : problem;
  });
}

const DEPOT = { latitude: 52.5, longitude: 13.4 };
const HOUR = 3_600;

function anyVehicle(): fc.Arbitrary<Omit<PlanningVehicle, 'key'>> {
  return fc
    .record({
      profile: fc.constantFrom(...VEHICLE_PROFILES),
      capacity: fc.record({
        weightKg: fc.integer({ min: 0, max: 100 }),
        volumeM3: fc.integer({ min: 0, max: 30 }).map((tenths) => tenths / 10),
        parcels: fc.option(fc.integer({ min: 0, max: 20 })),
      }),
      capabilities: fc.uniqueArray(fc.constantFrom('COLD', 'LIFT'), { maxLength: 2 }),
      shiftStartSeconds: fc.integer({ min: -HOUR, max: 10 * HOUR }),
      shiftSeconds: fc.integer({ min: 1, max: 9 * HOUR }),
      cost: fc.record({
        perKm: fc.constantFrom(0, 0.5, 1.2),
        perHour: fc.constantFrom(0, 20),
        fixed: fc.constantFrom(0, 50),
      }),
    })
    .map(({ shiftSeconds, ...vehicle }) => ({
      ...vehicle,
      shiftEndSeconds: vehicle.shiftStartSeconds + shiftSeconds,
    }));
}

function anyOrder(): fc.Arbitrary<Omit<PlanningOrder, 'key'>> {
  return fc.record({
    kind: fc.constantFrom('DELIVERY', 'PICKUP'),
    // A coarse grid, so that orders share addresses.
    point: fc.record({
      latitude: fc.integer({ min: -4, max: 4 }).map((step) => DEPOT.latitude + step / 25),
      longitude: fc.integer({ min: -4, max: 4 }).map((step) => DEPOT.longitude + step / 25),
    }),
    load: fc.record({
      weightKg: fc.integer({ min: 0, max: 400 }).map((tenths) => tenths / 10),
      volumeM3: fc.integer({ min: 0, max: 100 }).map((hundredths) => hundredths / 100),
      parcels: fc.integer({ min: 0, max: 6 }),
    }),
    windows: fc.array(anyWindow(), { maxLength: 3 }),
    serviceSeconds: fc.constantFrom(0, 60, 300, 2 * HOUR),
    requirements: fc.uniqueArray(fc.constantFrom('COLD', 'LIFT'), { maxLength: 1 }),
    priority: fc.constantFrom(0, 50, 50, 90, 100),
  });
}

function anyWindow(): fc.Arbitrary<ServiceWindow> {
  return fc
    .record({
      startSeconds: fc.integer({ min: 0, max: 16 * HOUR }),
      lengthSeconds: fc.constantFrom(1, 600, HOUR, 4 * HOUR),
    })
    .map(({ startSeconds, lengthSeconds }) => ({
      startSeconds,
      endSeconds: startSeconds + lengthSeconds,
    }));
}

/** Asymmetric, and without the triangle inequality: worse than any road network. */
function withMatrices(problem: PlanningProblem, seed: number): PlanningProblem {
  const size = problem.orders.length + 1;
  let state = seed;
  const next = (max: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >> 8) % max;
  };
  const table = (max: number) =>
    Int32Array.from({ length: size * size }, (_, cell) =>
      Math.floor(cell / size) === cell % size ? 0 : next(max),
    );
  const matrices: Partial<Record<VehicleProfile, TravelMatrix>> = {};
  for (const { profile } of problem.vehicles) {
    matrices[profile] ??= {
      size,
      distanceMeters: table(20_000),
      durationSeconds: table(2_000),
      isEstimated: false,
    };
  }
  return { ...problem, travel: { kind: 'MATRICES', matrices } };
}
