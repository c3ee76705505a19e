import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PlanningProblem, PresentPlan, PresentRoute } from '../problem.ts';
import { estimateLeg } from '../travel/estimate.ts';
import { DEPOT, sampleProblem, type SampleParts } from '../testing/sample-problem.ts';
import { compileProblem } from './compile-problem.ts';
import { OPEN, WINDOW_STRIDE } from './nodes.ts';

const NEAR = { latitude: 52.509, longitude: 13.4 };

test('numbers visits first, then each place where vehicles start, end or reload, once', () => {
  const visit = { place: 1, windows: [], serviceSeconds: 0, setupSeconds: 0 };
  const problem = sampleProblem({
    places: [NEAR, { latitude: 52.6, longitude: 13.4 }],
    orders: [{}, { pickup: visit, delivery: visit }],
    vehicles: [{ reload: { place: 2, durationSeconds: 60, max: 1 } }, { endPlace: null }, {}],
  });
  const instance = compileProblem(problem);
  assert.equal(instance.visitCount, 3);
  assert.deepEqual([...instance.place], [1, 1, 1, 0, 2]);
  assert.deepEqual([...instance.pickupOf], [-1, 1]);
  assert.deepEqual([...instance.deliveryOf], [0, 2]);
  assert.deepEqual(
    instance.vehicles.map(({ startNode, endNode, reloadNode }) => [startNode, endNode, reloadNode]),
    [
      [3, 3, 4],
      [3, -1, -1],
      [3, 3, -1],
    ],
  );
  assert.deepEqual(
    instance.vehicles.map(({ kind }) => kind),
    [0, 1, 2],
  );
});

test('sorts windows, merges those that touch, and includes their last second', () => {
  const windows = [
    { startSeconds: 300, endSeconds: 400 },
    { startSeconds: 100, endSeconds: 200 },
    { startSeconds: 200, endSeconds: 250 },
  ];
  const { windowCount, windowFirst, windowLast } = compileProblem(
    sampleProblem({ orders: [{ windows }, {}] }),
  );
  assert.deepEqual([...windowCount], [2, 1, 1]);
  assert.deepEqual(
    [windowFirst[0], windowLast[0], windowFirst[1], windowLast[1]],
    [100, 249, 300, 399],
  );
  assert.deepEqual([windowFirst[WINDOW_STRIDE], windowLast[WINDOW_STRIDE]], [-OPEN, OPEN]);
});

test('adds setup to the seconds of a leg, but not at the same place, and shares matrices by profile', () => {
  const problem = sampleProblem({ orders: [{}, {}], vehicles: [{}, { shiftEndSeconds: 50_000 }] });
  const withSetup: PlanningProblem = {
    ...problem,
    orders: problem.orders.map((order) => ({
      ...order,
      delivery: { ...order.delivery!, setupSeconds: 100 },
    })),
  };
  const { vehicles, nodeCount } = compileProblem(withSetup);
  const { matrix } = vehicles[0]!;
  const leg = estimateLeg(DEPOT, NEAR, 'VAN');
  assert.equal(matrix.seconds[2 * nodeCount + 0], leg.durationSeconds + 100);
  assert.equal(matrix.meters[2 * nodeCount + 0], leg.distanceMeters);
  assert.equal(matrix.seconds[1], 0);
  assert.equal(vehicles[1]?.matrix, matrix);
});

test('leaves out the dimensions in which everything fits into each vehicle, but for one', () => {
  const capacity = { weightKg: 900, volumeM3: 0.15, pallets: null, parcels: 1 };
  const tight = compileProblem(sampleProblem({ orders: [{}, {}], vehicles: [{}, { capacity }] }));
  assert.equal(tight.dimensions, 2);
  assert.deepEqual([...tight.load], [100_000, 1, 100_000, 1]);
  assert.deepEqual([...tight.vehicles[0]!.capacity], [9_000_000, Infinity]);
  assert.equal(compileProblem(sampleProblem({})).dimensions, 1);
});

test('makes one order dearer than all less important ones together, and none cheaper than a detour', () => {
  const priorities = [0, 50, 50, 50, 100];
  const { penalty } = compileProblem(
    sampleProblem({ orders: priorities.map((priority) => ({ priority })) }),
  );
  assert.ok(penalty[0]! > 50 + 9 * 25);
  assert.ok(penalty[1]! > penalty[0]!);
  assert.ok(penalty[4]! > penalty[0]! + 3 * penalty[1]!);
});

test('does so for every priority from 0 to 100, and as far as numbers go for more', () => {
  const penalties = (priorities: readonly number[]) =>
    compileProblem(sampleProblem({ orders: priorities.map((priority) => ({ priority })) })).penalty;
  const all = penalties(Array.from({ length: 303 }, (_, index) => Math.floor(index / 3)));
  let below = 0;
  for (let order = 0; order < all.length; order += 3) {
    assert.ok(all[order]! > below + 50, `priority ${order / 3}`);
    below += 3 * all[order]!;
  }
  const fractions = penalties(Array.from({ length: 2_000 }, (_, index) => index / 20));
  assert.ok(fractions.every((value, index) => index === 0 || value > fractions[index - 1]!));
  assert.ok(fractions.every((value) => Number.isFinite(2_000 * value)));
});

test('puts the objectives into the costs of a vehicle, and a trifle where there are none', () => {
  const objectives = { cost: 2, distance: 1, duration: 36, vehicles: 5, lateness: 3_600, co2e: 4 };
  const instance = compileProblem(sampleProblem({ objectives }));
  const [van] = instance.vehicles;
  assert.equal(van?.fixedCost, 2 * 50 + 5);
  assert.ok(Math.abs(van.costPerMeter - (2 * 0.5 + 1 + 4 * 0.25) / 1_000) < 1e-12);
  assert.ok(Math.abs(van.costPerSecond - (2 * 25 + 36) / 3_600) < 1e-12);
  assert.equal(instance.costPerLateSecond, 1);
  const [free] = compileProblem(sampleProblem({ objectives: { cost: 0, vehicles: 1 } })).vehicles;
  assert.ok(free!.costPerMeter > 0 && free!.costPerSecond > 0 && free!.costPerMeter < 1e-5);
});

const visitsOf = (...orders: number[]): PresentRoute['visits'] =>
  orders.map((order) => ({ orderKey: `order-${order}`, kind: 'DELIVERY' }));

/** Three orders, of which the van holds two; the first is the least important. */
function compiled(
  plan: Partial<PresentPlan>,
  route: Partial<PresentRoute> = {},
  parts: SampleParts = {},
) {
  const load = { weightKg: 450, volumeM3: 1, pallets: 0, parcels: 1 };
  const present: PresentPlan = {
    mode: 'INSERT',
    stability: 1,
    routes: [
      {
        vehicleKey: 'van-1',
        visits: visitsOf(1, 2, 3),
        frozenVisits: 0,
        isLocked: false,
        ...route,
      },
    ],
    ...plan,
  };
  const orders = [10, 20, 30].map((priority) => ({ load, priority }));
  return compileProblem(sampleProblem({ vehicles: [{}, {}], orders, ...parts, present }));
}

test('takes the least important orders out of a route that stands and is not possible any more', () => {
  const instance = compiled({});
  assert.deepEqual(instance.vehicles[0]?.presentVisits, [1, 2]);
  assert.deepEqual([...instance.isFixed], [0, 1, 1]);
  assert.deepEqual([...instance.presentVehicle], [0, 0, 0]);
  assert.deepEqual(
    instance.vehicles.map(({ kind }) => kind),
    [0, 1],
  );
});

test('keeps all of it where a reload makes room', () => {
  const vehicles = [{ reload: { place: 0, durationSeconds: 60, max: 1 } }];
  const instance = compiled({}, {}, { vehicles });
  assert.deepEqual(instance.vehicles[0]?.presentVisits, [0, 1, 3, 2]);
});

test('counts what stays on board through a reload', () => {
  const load = (weightKg: number) => ({ weightKg, volumeM3: 1, pallets: 0, parcels: 1 });
  const visit = { place: 0, windows: [], serviceSeconds: 0, setupSeconds: 0 };
  const light = { load: load(300) };
  const instance = compiled(
    {},
    {
      visits: [
        ...visitsOf(1),
        { orderKey: 'order-5', kind: 'PICKUP' },
        ...visitsOf(2, 3, 4),
        { orderKey: 'order-5', kind: 'DELIVERY' },
      ],
    },
    {
      vehicles: [{ reload: { place: 0, durationSeconds: 60, max: 2 } }],
      orders: [light, light, light, light, { load: load(600), pickup: visit, delivery: visit }],
    },
  );
  assert.deepEqual(instance.vehicles[0]?.presentVisits, [0, 4, 1, 6, 2, 6, 3, 5]);
});

test('lets an order move for its share of the present cost when stability is below 1', () => {
  const route = { visits: visitsOf(2, 3) };
  assert.equal(compiled({}, route).movePenalty, 0);
  assert.equal(compiled({ stability: 0 }, route).movePenalty, 0);
  const half = compiled({ stability: 0.5 }, route);
  const mostly = compiled({ stability: 0.9 }, route);
  assert.ok(half.movePenalty > 25 && half.movePenalty < 50, `${half.movePenalty}`);
  assert.ok(Math.abs(mostly.movePenalty - 9 * half.movePenalty) < 1e-9);
  assert.deepEqual([...half.isFixed], [0, 0, 0]);
  assert.ok(mostly.penalty[0]! > mostly.movePenalty);
});

test('allows a locked route nothing but its own orders, and its orders no other vehicle', () => {
  const { vehicles } = compiled({ mode: 'FULL' }, { visits: visitsOf(2, 3), isLocked: true });
  assert.deepEqual(vehicles[0]?.presentVisits, [1, 2]);
  assert.equal(vehicles[0]?.frozenVisits, 2);
  assert.deepEqual([...vehicles[0].isCapable], [0, 1, 1]);
  assert.deepEqual([...vehicles[1]!.isCapable], [1, 0, 0]);
});

test('begins anew but for what is frozen in FULL, and leaves each order its vehicle in RESEQUENCE', () => {
  const route = { visits: visitsOf(3, 2), frozenVisits: 1 };
  const full = compiled({ mode: 'FULL' }, route);
  assert.deepEqual(full.vehicles[0]?.presentVisits, [2]);
  assert.equal(full.vehicles[0]?.frozenVisits, 1);
  assert.deepEqual([...full.vehicles[1]!.isCapable], [1, 1, 0]);
  const again = compiled({ mode: 'RESEQUENCE' }, { visits: visitsOf(3, 2) });
  assert.deepEqual(again.vehicles[0]?.presentVisits, [2, 1]);
  assert.deepEqual([...again.vehicles[0].isCapable], [0, 1, 1]);
  assert.deepEqual([...again.vehicles[1]!.isCapable], [0, 0, 0]);
});
