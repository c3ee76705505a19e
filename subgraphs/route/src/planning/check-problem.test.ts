import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkProblem } from './check-problem.ts';
import {
  MAX_ORDERS,
  type PlanningObjectives,
  type PlanningProblem,
  type PlanningVehicle,
  type PlanningVisit,
  type PresentPlan,
  type PresentRoute,
} from './problem.ts';
import { sampleProblem, type SampleOrder } from './testing/sample-problem.ts';
import { VEHICLE_PROFILES } from './travel/vehicle-profile.ts';

function flawsOf(problem: PlanningProblem): string[] {
  return checkProblem(problem).map((flaw) => flaw.path.join('.'));
}

function flawsOfVehicle(vehicle: Partial<PlanningVehicle>): string[] {
  return flawsOf(sampleProblem({ vehicles: [vehicle] }));
}

function flawsOfOrder(order: SampleOrder): string[] {
  return flawsOf(sampleProblem({ orders: [order] }));
}

test('accepts a sensible problem, also without any orders', () => {
  assert.deepEqual(checkProblem(sampleProblem({})), []);
  assert.deepEqual(checkProblem(sampleProblem({ vehicles: [], orders: [] })), []);
});

test('refuses orders without any vehicle', () => {
  assert.deepEqual(checkProblem(sampleProblem({ vehicles: [] })), [
    { path: ['vehicles'], message: 'at least one vehicle is needed, got none' },
  ]);
});

test('refuses more than it can hold, and lists no more than a hundred flaws', () => {
  const orders = Array.from({ length: 10_001 }, () => ({ priority: -1 }));
  const flaws = checkProblem(sampleProblem({ orders }));
  assert.equal(flaws[0]?.message, 'at most 2000 are planned at once, got 10001');
  assert.equal(flaws.length, 100);
});

test('refuses pairs on more profiles than memory has room for, and takes single visits on all of them', () => {
  const visit = { place: 0, windows: [], serviceSeconds: 0, setupSeconds: 0 };
  const vehicles = VEHICLE_PROFILES.map((profile) => ({ profile }));
  const flaws = (order: SampleOrder, fleet: readonly Partial<PlanningVehicle>[]) =>
    flawsOf(
      sampleProblem({ orders: Array.from({ length: MAX_ORDERS }, () => order), vehicles: fleet }),
    );
  const pair = { pickup: visit, delivery: visit };
  assert.deepEqual(flaws({}, vehicles), []);
  assert.deepEqual(flaws(pair, vehicles.slice(0, 1)), []);
  assert.deepEqual(flaws(pair, vehicles.slice(0, 2)), ['orders']);
});

test('lists everything that is wrong with a vehicle, each with its path', () => {
  assert.deepEqual(flawsOf(sampleProblem({ vehicles: [{ key: 'a' }, { key: 'a' }] })), [
    'vehicles.1.key',
  ]);
  assert.deepEqual(
    flawsOfVehicle({
      profile: 'ROCKET' as 'VAN',
      startPlace: 9,
      endPlace: -1,
      capacity: { weightKg: -1, volumeM3: NaN, pallets: 0.5, parcels: 1.5 },
      shiftEndSeconds: 0,
      cost: { perKm: -1, perHour: Infinity, fixed: 1e7 },
      co2eGramsPerKm: -5,
      maxDistanceMeters: -1,
      maxDurationSeconds: NaN,
      maxVisits: 1.5,
    }),
    [
      'profile',
      'startPlace',
      'endPlace',
      'capacity.weightKg',
      'capacity.volumeM3',
      'capacity.pallets',
      'capacity.parcels',
      'shiftEndSeconds',
      'cost.perKm',
      'cost.perHour',
      'cost.fixed',
      'co2eGramsPerKm',
      'maxDistanceMeters',
      'maxDurationSeconds',
      'maxVisits',
    ].map((path) => `vehicles.0.${path}`),
  );
});

test('lists what is wrong with breaks and reloads', () => {
  const pause = (earliestStartSeconds: number, latestStartSeconds: number) => ({
    earliestStartSeconds,
    latestStartSeconds,
    durationSeconds: 60,
  });
  const breaks = [pause(200, 100), pause(100, 300), pause(0.5, 400), pause(500, 500)];
  assert.deepEqual(flawsOfVehicle({ breaks }), [
    'vehicles.0.breaks',
    'vehicles.0.breaks.0.latestStartSeconds',
    'vehicles.0.breaks.1',
    'vehicles.0.breaks.2.earliestStartSeconds',
    'vehicles.0.breaks.2',
  ]);
  assert.deepEqual(flawsOfVehicle({ breaks: [{ ...pause(1, 2), durationSeconds: -1 }] }), [
    'vehicles.0.breaks.0.durationSeconds',
  ]);
  assert.deepEqual(flawsOfVehicle({ reload: { place: 7, durationSeconds: NaN, max: 0 } }), [
    'vehicles.0.reload.place',
    'vehicles.0.reload.durationSeconds',
    'vehicles.0.reload.max',
  ]);
});

test('lists everything that is wrong with an order, each with its path', () => {
  const visit: PlanningVisit = { place: 0, windows: [], serviceSeconds: 0, setupSeconds: 0 };
  assert.deepEqual(flawsOfOrder({ pickup: null, delivery: null }), ['orders.0']);
  assert.deepEqual(
    flawsOfOrder({
      pickup: { ...visit, place: 1.5, serviceSeconds: 1e7 },
      delivery: { ...visit, setupSeconds: -1 },
      load: { weightKg: -0.1, volumeM3: 2e6, pallets: NaN, parcels: 0.5 },
      priority: 102,
    }),
    [
      'orders.0.pickup.place',
      'orders.0.pickup.serviceSeconds',
      'orders.0.delivery.setupSeconds',
      'orders.0.load.weightKg',
      'orders.0.load.volumeM3',
      'orders.0.load.pallets',
      'orders.0.load.parcels',
      'orders.0.priority',
    ],
  );
  assert.deepEqual(
    flawsOfOrder({
      windows: [
        { startSeconds: 10, endSeconds: 10 },
        { startSeconds: 0.5, endSeconds: NaN },
      ],
    }),
    [
      'orders.0.delivery.windows.0',
      'orders.0.delivery.windows.1.startSeconds',
      'orders.0.delivery.windows.1.endSeconds',
    ],
  );
  const windows = Array.from({ length: 4 }, () => ({ startSeconds: 0, endSeconds: 1 }));
  assert.deepEqual(flawsOfOrder({ windows }), ['orders.0.delivery.windows']);
});

test('refuses places without coordinates, and objectives that are no weights', () => {
  const points = [{ latitude: NaN, longitude: 181 }];
  assert.deepEqual(flawsOf(sampleProblem({ places: points })), [
    'places.1.latitude',
    'places.1.longitude',
  ]);
  const objectives: Partial<PlanningObjectives> = { cost: NaN, lateness: -1, co2e: Infinity };
  assert.deepEqual(flawsOf(sampleProblem({ objectives })), [
    'objectives.cost',
    'objectives.lateness',
    'objectives.co2e',
  ]);
});

test('refuses matrices that are missing, of another size, negative or with a way from a place to itself', () => {
  const matrix = (size: number, value: number) => ({
    size,
    distanceMeters: new Int32Array(size * size).fill(value),
    durationSeconds: new Int32Array(size * size),
    isEstimated: false,
  });
  for (const matrices of [
    {},
    { VAN: matrix(3, 0) },
    { VAN: matrix(2, -1) },
    { VAN: matrix(2, 1) },
  ]) {
    const problem = { ...sampleProblem({}), travel: { kind: 'MATRICES', matrices } as const };
    assert.deepEqual(flawsOf(problem), ['travel.matrices.VAN']);
  }
});

const visit: PlanningVisit = { place: 0, windows: [], serviceSeconds: 0, setupSeconds: 0 };

/** Two vans; one delivery and one pair. */
function flawsOfPresent(
  routes: readonly Partial<PresentRoute>[],
  plan: Partial<PresentPlan> = {},
  vehicle: Partial<PlanningVehicle> = {},
): string[] {
  const present: PresentPlan = {
    mode: 'INSERT',
    stability: 1,
    ...plan,
    routes: routes.map((route) => ({
      vehicleKey: 'van-1',
      visits: [],
      frozenVisits: 0,
      isLocked: false,
      ...route,
    })),
  };
  const orders: SampleOrder[] = [{}, { pickup: visit, delivery: visit }];
  const paths = flawsOf(sampleProblem({ vehicles: [vehicle, {}], orders, present }));
  return paths.map((path) => path.replace('present.', ''));
}

const delivery = { orderKey: 'order-1', kind: 'DELIVERY' } as const;
const pickedUp = { orderKey: 'order-2', kind: 'PICKUP' } as const;
const delivered = { orderKey: 'order-2', kind: 'DELIVERY' } as const;

test('accepts a plan that stands, also one that is not feasible any more', () => {
  const visits = [delivery, pickedUp, delivered];
  assert.deepEqual(flawsOfPresent([{ visits, frozenVisits: 2 }]), []);
  assert.deepEqual(flawsOfPresent([{ visits, isLocked: true }]), []);
  assert.deepEqual(flawsOfPresent([{ visits }], {}, { maxVisits: 0 }), []);
});

test('refuses a plan that stands for something else', () => {
  assert.deepEqual(flawsOfPresent([{ vehicleKey: 'nobody' }, {}, {}]), [
    'routes.0.vehicleKey',
    'routes.2.vehicleKey',
  ]);
  const unknown = { orderKey: 'nobody', kind: 'DELIVERY' } as const;
  const wrongKind = { orderKey: 'order-1', kind: 'PICKUP' } as const;
  assert.deepEqual(flawsOfPresent([{ visits: [unknown, wrongKind] }]), [
    'routes.0.visits.0',
    'routes.0.visits.1',
  ]);
  assert.deepEqual(
    flawsOfPresent([{ visits: [delivery] }, { vehicleKey: 'van-2', visits: [delivery] }]),
    ['routes.1.visits.0'],
  );
  assert.deepEqual(flawsOfPresent([{ visits: [delivered, pickedUp] }]), ['routes.0.visits.1']);
  assert.deepEqual(flawsOfPresent([{ visits: [pickedUp] }]), ['routes.0.visits.0']);
  assert.deepEqual(flawsOfPresent([], { stability: NaN, mode: 'BEST' as 'FULL' }), [
    'mode',
    'stability',
  ]);
});

test('refuses locks that contradict the route or its vehicle', () => {
  assert.deepEqual(flawsOfPresent([{ visits: [delivery], frozenVisits: 2 }]), [
    'routes.0.frozenVisits',
  ]);
  assert.deepEqual(flawsOfPresent([{ visits: [delivery], isLocked: true }], {}, { maxVisits: 0 }), [
    'routes.0',
  ]);
  const lateShift = { shiftStartSeconds: 61_000, shiftEndSeconds: 61_100 };
  assert.deepEqual(flawsOfPresent([{ visits: [delivery], frozenVisits: 1 }], {}, lateShift), [
    'routes.0',
  ]);
});
