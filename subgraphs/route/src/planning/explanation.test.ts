import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cheapestInsertion } from './cheapest-insertion.ts';
import { Draft } from './draft.ts';
import { insertOrders } from './insertion.ts';
import { compileProblem } from './instance.ts';
import { sampleProblem } from './sample-problem.ts';
import type { UnassignedReason } from './solution.ts';

/** Of the first order, which no van can take. */
function reasonsFor(parts: Parameters<typeof sampleProblem>[0]): readonly UnassignedReason[] {
  const control = { shouldStop: () => null, report: () => {} };
  const { unassigned } = cheapestInsertion(sampleProblem(parts), 1, control);
  return unassigned.find(({ orderKey }) => orderKey === 'order-1')?.reasons ?? [];
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
  assert.deepEqual(
    reasonsFor({
      vehicles: [{}, { capacity: { weightKg: 400, volumeM3: 9, parcels: null } }],
      orders: [{ load: { weightKg: 1_200.5, volumeM3: 2, parcels: 1 } }],
    }),
    [
      {
        code: 'CAPACITY',
        message:
          'Too small for 1200.5 kg, 2 m³ and 1 parcel: 2 vehicles; the largest of them takes 900 kg.',
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

test('says how long a visit takes when the shift is shorter', () => {
  const [reason] = reasonsFor({ orders: [{ serviceSeconds: 9 * 3_600 }] });
  assert.equal(reason?.code, 'SHIFT_DURATION');
  assert.match(
    reason.message,
    /^It takes 9 h \d+ min .* service of 9 h included; the shift has 9 h/,
  );
});

test('tells a full vehicle from a busy one', () => {
  const [full] = reasonsFor({
    orders: [
      { load: { weightKg: 500, volumeM3: 1, parcels: 1 } },
      { priority: 60, load: { weightKg: 800, volumeM3: 1, parcels: 1 } },
    ],
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
  const [late] = reasonsFor({
    orders: [{ serviceSeconds: 3_600 }, { priority: 60, serviceSeconds: 8 * 3_600 }],
  });
  assert.equal(late?.code, 'SHIFT_DURATION');
});

test('puts the reason first that holds for most vehicles', () => {
  const reasons = reasonsFor({
    vehicles: [
      {},
      {},
      { capabilities: ['COLD_CHAIN'], capacity: { weightKg: 5, volumeM3: 1, parcels: 3 } },
    ],
    orders: [{ requirements: ['COLD_CHAIN'] }],
  });
  assert.deepEqual(
    reasons.map(({ code }) => code),
    ['CAPABILITY', 'CAPACITY'],
  );
});

// A run that is out of time still has to say why thousands of orders are left out, and soon.
test('gives reasons about as fast as it looks for a place', () => {
  const vehicles = Array.from({ length: 250 }, () => ({}));
  const orders = Array.from({ length: 1_000 }, () => ({}));
  const instance = compileProblem(sampleProblem({ vehicles, orders }));
  const draft = new Draft(instance);
  const control = { shouldStop: () => 'TIME_LIMIT' as const, report: () => {} };
  const lookingMs = durationOf(() =>
    insertOrders(draft, {
      orders: instance.orders,
      rule: 'CHEAPEST',
      noise: 0,
      random: () => 0,
      control,
    }),
  );
  assert.equal(draft.leftOut.length, orders.length);
  const run = { algorithm: 'cheapest-insertion', seed: 1, stopped: null };
  const explainingMs = durationOf(() => draft.toSolution(run));
  assert.ok(explainingMs < 8 * lookingMs, `${explainingMs} ms, looking took ${lookingMs} ms`);
});

function durationOf(work: () => void): number {
  const startedAt = performance.now();
  work();
  return performance.now() - startedAt;
}
