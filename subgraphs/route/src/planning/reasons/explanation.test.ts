import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { anyProblem } from '../testing/arbitrary-problem.ts';
import { compileProblem } from '../instance/compile-problem.ts';
import { explainUnassigned } from './explanation.ts';
import type { Instance } from '../instance/instance.ts';
import { withOrders } from './promisable-windows.ts';
import type { PlanningProblem } from '../problem.ts';
import { randomRoutes } from '../testing/random-routes.ts';
import { sampleDay, sampleProblem } from '../testing/sample-problem.ts';
import { ordersLeftOut } from '../routes/schedule.ts';
import type { UnassignedReason } from '../solution.ts';

/** Of the first order, which no van can take. */
function reasonsFor(parts: Parameters<typeof sampleProblem>[0]): readonly UnassignedReason[] {
  const problem = sampleProblem(parts);
  const { instance, routes } = planned(problem);
  const left = ordersLeftOut(instance, { routes, iterations: 0 });
  const [explained] = explainUnassigned(instance, routes, left).filter(
    ({ orderKey }) => orderKey === 'order-1',
  );
  return explained?.reasons ?? [];
}

/** Order by order, the most important first. */
function planned(problem: PlanningProblem): { instance: Instance; routes: (readonly number[])[] } {
  const instance = compileProblem(problem);
  const orders = [...problem.orders.keys()].toSorted(
    (a, b) => problem.orders[b]!.priority - problem.orders[a]!.priority,
  );
  const present = instance.vehicles.map(({ presentVisits }) => presentVisits);
  const placed = new Set(present.flat().map((node) => instance.orderOf[node] ?? -1));
  const open = orders.filter((order) => !placed.has(order));
  return { instance, routes: withOrders(instance, present, open).map((nodes) => nodes ?? []) };
}

test('says that nobody is on shift', () => {
  assert.deepEqual(reasonsFor({ vehicles: [] }), [
    { code: 'NO_VEHICLE', message: 'No vehicle is on shift.' },
  ]);
});

test('names the requirement that nobody has', () => {
  assert.deepEqual(
    reasonsFor({
      vehicles: [{ capabilities: ['TAIL_LIFT'] }, {}],
      orders: [{ requirements: ['TAIL_LIFT', 'COLD_CHAIN'] }],
    }),
    [
      {
        code: 'CAPABILITY',
        message: 'It needs TAIL_LIFT and COLD_CHAIN; nobody on shift has COLD_CHAIN.',
      },
    ],
  );
});

test('says what is too large, and what the largest vehicle takes', () => {
  const small = { weightKg: 400, volumeM3: 9, pallets: 2, parcels: null };
  assert.deepEqual(
    reasonsFor({
      vehicles: [{}, { capacity: small }],
      orders: [{ load: { weightKg: 1_200.5, volumeM3: 2, pallets: 1, parcels: 1 } }],
    }),
    [
      {
        code: 'CAPACITY',
        message:
          'Too small for 1200.5 kg, 2 m³, 1 pallet and 1 parcel: 2 vehicles; the largest of them takes 900 kg.',
      },
    ],
  );
});

test('says by how much a window is missed', () => {
  const [reason] = reasonsFor({
    orders: [{ windows: [{ startSeconds: 7 * 3_600, endSeconds: 8 * 3_600 }] }],
  });
  assert.equal(reason?.code, 'TIME_WINDOW');
  assert.match(reason.message, /^Its window closes \d+ min before the first of 1 vehicle can be/);
});

test('says that a window opens after the shift', () => {
  assert.deepEqual(
    reasonsFor({ orders: [{ windows: [{ startSeconds: 70_000, endSeconds: 73_600 }] }] }),
    [{ code: 'TIME_WINDOW', message: 'No window lies inside the shift of 1 vehicle.' }],
  );
});

test('says by how much the delivery of a pair is missed when its pickup opens late', () => {
  const at = (place: number, hour: number) => ({
    ...visitAt(place),
    windows: [{ startSeconds: hour * 3_600, endSeconds: (hour + 1) * 3_600 }],
  });
  const [reason] = reasonsFor({
    orders: [{ pickup: at(0, 12), delivery: at(0, 10) }],
  });
  assert.deepEqual(reason, {
    code: 'TIME_WINDOW',
    message: 'Its last window closes 1 h 2 min before the first of 1 vehicle can be there.',
  });
});

test('says how long a visit takes when the shift is shorter', () => {
  const [reason] = reasonsFor({ orders: [{ serviceSeconds: 9 * 3_600 }] });
  assert.equal(reason?.code, 'SHIFT_DURATION');
  assert.match(
    reason.message,
    /^It takes 9 h \d+ min .* service of 9 h included; the shift has 9 h/,
  );
});

test('says that breaks leave no time', () => {
  const pause = {
    earliestStartSeconds: 10 * 3_600,
    latestStartSeconds: 12 * 3_600,
    durationSeconds: 3_600,
  };
  assert.deepEqual(
    reasonsFor({ vehicles: [{ breaks: [pause] }], orders: [{ serviceSeconds: 8.5 * 3_600 }] }),
    [{ code: 'SHIFT_DURATION', message: 'The breaks leave no time for it: 1 vehicle.' }],
  );
});

test('says how far and how long a vehicle may go', () => {
  const point = { latitude: 52.7, longitude: 13.4 };
  const [far] = reasonsFor({ vehicles: [{ maxDistanceMeters: 30_000 }], orders: [{ point }] });
  assert.equal(far?.code, 'MAX_DISTANCE');
  assert.match(
    far.message,
    /^There and back is at least 27\.8 km further than 1 vehicle may drive/,
  );
  const [long] = reasonsFor({ vehicles: [{ maxDurationSeconds: 1_800 }], orders: [{ point }] });
  assert.equal(long?.code, 'MAX_DURATION');
  assert.match(long.message, /^There and back takes at least \d+ min longer/);
});

test('says how many visits a vehicle may make', () => {
  const [pair] = reasonsFor({
    vehicles: [{ maxVisits: 1 }],
    orders: [{ pickup: visitAt(1), delivery: visitAt(2) }],
    places: [
      { latitude: 52.51, longitude: 13.4 },
      { latitude: 52.52, longitude: 13.4 },
    ],
  });
  assert.equal(pair?.code, 'MAX_VISITS');
  const [full, instead] = reasonsFor({
    vehicles: [{ maxVisits: 1 }],
    orders: [{}, { priority: 60 }],
  });
  assert.deepEqual(full, {
    code: 'MAX_VISITS',
    message: 'As many visits as they may make: 1 suitable vehicle, 1 at most.',
  });
  assert.equal(instead?.code, 'DISPLACED');
});

test('tells a full vehicle from a busy one', () => {
  const load = { weightKg: 500, volumeM3: 1, pallets: 0, parcels: 1 };
  const [full] = reasonsFor({
    orders: [{ load }, { priority: 60, load: { ...load, weightKg: 800 } }],
  });
  assert.deepEqual(full, {
    code: 'CAPACITY',
    message:
      'Full: 1 suitable vehicle; it needs 500 kg, 1 m³ and 1 parcel, the most room left is 100 kg.',
  });
  const windows = [{ startSeconds: 36_000, endSeconds: 36_600 }];
  const [busy] = reasonsFor({
    orders: [
      { windows, serviceSeconds: 3_600 },
      { windows, priority: 60, serviceSeconds: 3_600 },
    ],
  });
  assert.equal(busy?.code, 'TIME_WINDOW');
  assert.equal(busy.message, 'Busy with other orders in its window: 1 suitable vehicle.');
  const [late] = reasonsFor({
    orders: [{ serviceSeconds: 3_600 }, { priority: 60, serviceSeconds: 8 * 3_600 }],
  });
  assert.equal(late?.code, 'SHIFT_DURATION');
});

test('says what would have to go, and what that would cost', () => {
  const load = { weightKg: 400, volumeM3: 1, pallets: 0, parcels: 1 };
  const reasons = reasonsFor({
    orders: [
      { load, point: { latitude: 52.6, longitude: 13.4 } },
      { load, priority: 90 },
      { load: { ...load, weightKg: 500 }, priority: 60 },
    ],
  });
  const displaced = reasons.at(-1)!;
  assert.equal(displaced.code, 'DISPLACED');
  assert.match(
    displaced.message,
    /^It would fit in the place of 1 order of priority 60; the plan would cost \d+\.\d\d more\.$/,
  );
  assert.deepEqual(displaced.displacement?.orderKeys, ['order-3']);
  assert.equal(displaced.displacement.vehicleKey, 'van-1');
  assert.ok(displaced.displacement.costDelta > 0);
});

test('several orders go when one is not enough', () => {
  const load = { weightKg: 300, volumeM3: 1, pallets: 0, parcels: 1 };
  const reasons = reasonsFor({
    orders: [
      { load: { ...load, weightKg: 600 } },
      ...[60, 70, 80].map((priority) => ({ load, priority })),
    ],
  });
  const { displacement } = reasons.at(-1)!;
  assert.deepEqual(displacement?.orderKeys.toSorted(), ['order-2', 'order-3']);
});

test('says that a lock keeps an order out', () => {
  const reasons = reasonsFor({
    orders: [{}, {}],
    present: {
      mode: 'INSERT',
      stability: 1,
      routes: [
        {
          vehicleKey: 'van-1',
          visits: [{ orderKey: 'order-2', kind: 'DELIVERY' }],
          frozenVisits: 0,
          isLocked: true,
        },
      ],
    },
  });
  assert.deepEqual(reasons, [
    { code: 'LOCKED', message: 'Locked for new orders, or kept for others: 1 vehicle.' },
  ]);
});

test('puts the reason first that holds for most vehicles', () => {
  const reasons = reasonsFor({
    vehicles: [
      {},
      {},
      {
        capabilities: ['COLD_CHAIN'],
        capacity: { weightKg: 5, volumeM3: 1, pallets: null, parcels: 3 },
      },
    ],
    orders: [{ requirements: ['COLD_CHAIN'] }],
  });
  assert.deepEqual(
    reasons.map(({ code }) => code),
    ['CAPABILITY', 'CAPACITY'],
  );
});

test('every order that has no place gets reasons in plain words', () => {
  const check = fc.property(anyProblem(), fc.nat(), (problem, seed) => {
    const instance = compileProblem(problem);
    const present = instance.vehicles.map(({ presentVisits }) => presentVisits);
    const routes = problem.present ? present : randomRoutes(instance, seed).routes;
    const open = ordersLeftOut(instance, { routes, iterations: 0 });
    const filled = withOrders(instance, routes, open).map((nodes) => nodes ?? []);
    const left = ordersLeftOut(instance, { routes: filled, iterations: 0 });
    const explained = explainUnassigned(instance, filled, left);
    assert.deepEqual(
      explained.map(({ orderKey }) => orderKey),
      left.map((order) => problem.orders[order]!.key),
    );
    for (const { reasons } of explained) {
      const codes = reasons.map(({ code }) => code);
      assert.ok(codes.length > 0);
      assert.equal(new Set(codes).size, codes.length);
      for (const { message, displacement } of reasons) {
        assert.doesNotMatch(message, /Infinity|NaN|undefined|-\d/);
        assert.notEqual(displacement?.orderKeys.length, 0);
      }
    }
  });
  fc.assert(check, { numRuns: 300 });
});

// A run that is out of time still has to say why hundreds of orders are left out.
test('only the first of very many orders are looked at closely', () => {
  const { vehicles, orders, ...day } = sampleDay({ orders: 1_000, vehicles: 10 });
  const unserved = { ...orders[0]!, key: 'flown', requirements: ['DRONE'], priority: 0 };
  const { instance, routes } = planned({ ...day, vehicles, orders: [...orders, unserved] });
  const left = ordersLeftOut(instance, { routes, iterations: 0 });
  assert.ok(left.length > 300, `${left.length} are left out`);
  const explained = explainUnassigned(instance, routes, left);
  const last = (orderKey: string) =>
    explained.find((order) => order.orderKey === orderKey)?.reasons.at(-1);
  const [first, ...others] = explained.map(({ orderKey }) => orderKey);
  assert.ok(last(first!)?.displacement);
  assert.match(last(others.at(-2)!)!.message, /^Other orders were put first on \d+ suitable/);
  assert.equal(last('flown')?.code, 'CAPABILITY');
});

function visitAt(place: number) {
  return { place, windows: [], serviceSeconds: 60, setupSeconds: 0 };
}
