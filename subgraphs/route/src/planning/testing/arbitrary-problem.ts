import * as fc from 'fast-check';
import { anyPresentPlan } from './arbitrary-present.ts';
import { anyVehicle } from './arbitrary-vehicle.ts';
import type {
  PlanningObjectives,
  PlanningOrder,
  PlanningProblem,
  PlanningVisit,
  ServiceWindow,
} from '../problem.ts';
import { DEPOT } from './sample-problem.ts';
import type { GeoPoint } from '../travel/geo-point.ts';
import type { TravelMatrix } from '../travel/matrix-provider.ts';
import type { VehicleProfile } from '../travel/vehicle-profile.ts';

/** Small problems with every constraint, objective and mode, some of them impossible; for tests only. */
export function anyProblem(): fc.Arbitrary<PlanningProblem> {
  return withPresent(anyProblemFromNothing());
}

function withPresent(problems: fc.Arbitrary<PlanningProblem>): fc.Arbitrary<PlanningProblem> {
  return problems.chain((problem) =>
    fc
      .option(anyPresentPlan(problem), { freq: 2 })
      .map((present): PlanningProblem => ({ ...problem, present })),
  );
}

/** The same without a plan that stands. */
export function anyProblemFromNothing(): fc.Arbitrary<PlanningProblem> {
  return fc
    .array(anyPoint(), { minLength: 1, maxLength: 8 })
    .chain((places) =>
      fc.record({
        places: fc.constant(places),
        vehicles: fc.array(anyVehicle(places.length), { minLength: 1, maxLength: 4, size: 'max' }),
        orders: fc.array(anyOrder(places.length), { maxLength: 12, size: 'max' }),
        objectives: anyObjectives(),
        matrixSeed: fc.option(fc.nat(), { freq: 2 }),
      }),
    )
    .map(({ places, vehicles, orders, objectives, matrixSeed }) => {
      const problem: PlanningProblem = {
        places,
        vehicles: vehicles.map((vehicle, index) => ({ ...vehicle, key: `vehicle-${index}` })),
        orders: orders.map((order, index) => ({ ...order, key: `order-${index}` })),
        travel: { kind: 'ESTIMATE' },
        objectives,
        present: null,
      };
      return matrixSeed === null ? problem : withMatrices(problem, matrixSeed);
    });
}

/** Days on which most orders fit: one window at most, nothing but deliveries, no breaks and no reloads. */
export function anyPlainProblem(): fc.Arbitrary<PlanningProblem> {
  const roomy = { weightKg: 300, volumeM3: 9, pallets: null, parcels: null };
  return anyProblemFromNothing().map((problem) => ({
    ...problem,
    objectives: { ...problem.objectives, lateness: null },
    vehicles: problem.vehicles.map((vehicle, index) => ({
      ...vehicle,
      capacity: index === 0 ? roomy : vehicle.capacity,
      capabilities: index === 0 ? ['COLD', 'LIFT'] : vehicle.capabilities,
      shiftStartSeconds: index === 0 ? 0 : vehicle.shiftStartSeconds,
      shiftEndSeconds: index === 0 ? 24 * HOUR : vehicle.shiftEndSeconds,
      maxDistanceMeters: index === 0 ? null : vehicle.maxDistanceMeters,
      maxDurationSeconds: null,
      maxVisits: index === 0 ? null : vehicle.maxVisits,
      breaks: [],
      reload: null,
    })),
    orders: problem.orders.map((order) => ({
      ...order,
      pickup: null,
      delivery: plainVisit((order.delivery ?? order.pickup)!),
    })),
  }));
}

/** Days without what only an exact walk can tell: no breaks, no reloads, no pairs, and windows that have to be kept. */
export function anyProblemOfParts(): fc.Arbitrary<PlanningProblem> {
  return withPresent(
    anyProblemFromNothing().map((problem) => ({
      ...problem,
      objectives: { ...problem.objectives, lateness: null },
      vehicles: problem.vehicles.map((vehicle) => ({ ...vehicle, breaks: [], reload: null })),
      orders: problem.orders.map((order) =>
        order.pickup && order.delivery ? { ...order, pickup: null } : order,
      ),
    })),
  );
}

/** The same with days so long, and seconds so cheap, that nothing but legs and loads matters. */
export function anyProblemWithoutTimes(): fc.Arbitrary<PlanningProblem> {
  const withoutWindows = (visit: PlanningVisit | null) => visit && { ...visit, windows: [] };
  return anyProblemOfParts().map((problem) => ({
    ...problem,
    objectives: { ...problem.objectives, duration: 0, workloadBalance: 0 },
    vehicles: problem.vehicles.map((vehicle) => ({
      ...vehicle,
      cost: { ...vehicle.cost, perHour: 0 },
      shiftStartSeconds: 0,
      shiftEndSeconds: 10_000 * HOUR,
      maxDurationSeconds: null,
    })),
    orders: problem.orders.map((order) => ({
      ...order,
      pickup: withoutWindows(order.pickup),
      delivery: withoutWindows(order.delivery),
    })),
  }));
}

function plainVisit(visit: PlanningVisit): PlanningVisit {
  const windows = visit.windows
    .slice(0, 1)
    .map(({ startSeconds }) => ({ startSeconds, endSeconds: startSeconds + 5 * HOUR }));
  return { ...visit, serviceSeconds: Math.min(visit.serviceSeconds, 600), windows };
}

const HOUR = 3_600;

function anyPoint(): fc.Arbitrary<GeoPoint> {
  return fc.record({
    latitude: fc.integer({ min: -4, max: 4 }).map((step) => DEPOT.latitude + step / 25),
    longitude: fc.integer({ min: -4, max: 4 }).map((step) => DEPOT.longitude + step / 25),
  });
}

function anyObjectives(): fc.Arbitrary<PlanningObjectives> {
  const rarely = (weight: number) => fc.constantFrom(0, 0, weight);
  return fc.record({
    cost: fc.constantFrom(0, 1, 1),
    distance: rarely(0.5),
    duration: rarely(10),
    vehicles: rarely(30),
    lateness: fc.constantFrom(null, null, 0, 40),
    co2e: rarely(2),
    workloadBalance: rarely(3),
  });
}

function anyOrder(placeCount: number): fc.Arbitrary<Omit<PlanningOrder, 'key'>> {
  return fc
    .record({
      kind: fc.constantFrom('PICKUP', 'DELIVERY', 'DELIVERY', 'PAIR'),
      first: anyVisit(placeCount),
      second: anyVisit(placeCount),
      load: fc.record({
        weightKg: fc.integer({ min: 0, max: 400 }).map((tenths) => tenths / 10),
        volumeM3: fc.integer({ min: 0, max: 100 }).map((hundredths) => hundredths / 100),
        pallets: fc.constantFrom(0, 0, 1, 2),
        parcels: fc.integer({ min: 0, max: 6 }),
      }),
      requirements: fc.constantFrom([], [], [], ['COLD'], ['LIFT'], ['COLD', 'LIFT']),
      priority: fc.constantFrom(0, 50, 50, 90, 100),
    })
    .map(({ kind, first, second, ...rest }) => ({
      ...rest,
      pickup: kind === 'DELIVERY' ? null : first,
      delivery: kind === 'PICKUP' ? null : second,
    }));
}

function anyVisit(placeCount: number): fc.Arbitrary<PlanningVisit> {
  return fc.record({
    place: fc.nat({ max: placeCount - 1 }),
    windows: fc.oneof(fc.constant([]), fc.array(anyWindow(), { maxLength: 3 })),
    serviceSeconds: fc.constantFrom(0, 60, 300, 300, 2 * HOUR),
    setupSeconds: fc.constantFrom(0, 0, 240),
  });
}

function anyWindow(): fc.Arbitrary<ServiceWindow> {
  return fc
    .record({
      startSeconds: fc.integer({ min: 0, max: 16 * HOUR }),
      lengthSeconds: fc.constantFrom(1, 600, HOUR, 4 * HOUR, 8 * HOUR, 12 * HOUR),
    })
    .map(({ startSeconds, lengthSeconds }) => ({
      startSeconds,
      endSeconds: startSeconds + lengthSeconds,
    }));
}

/** Asymmetric, and without the triangle inequality: worse than any road network. */
function withMatrices(problem: PlanningProblem, seed: number): PlanningProblem {
  const size = problem.places.length;
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
