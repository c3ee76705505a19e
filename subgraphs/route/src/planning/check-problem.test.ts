import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkProblem } from './check-problem.ts';
import type { PlanningProblem } from './problem.ts';
import { sampleProblem } from './sample-problem.ts';

function flawsOf(problem: PlanningProblem): string[] {
  return checkProblem(problem).map((flaw) => flaw.path.join('.'));
}

test('accepts a sensible problem, also without vehicles or orders', () => {
  assert.deepEqual(checkProblem(sampleProblem({})), []);
  assert.deepEqual(checkProblem(sampleProblem({ vehicles: [], orders: [] })), []);
});

test('lists everything that is wrong, each with its path', () => {
  const problem = sampleProblem({
    vehicles: [
      { key: 'a', shiftEndSeconds: 0, capacity: { weightKg: -1, volumeM3: NaN, parcels: 1.5 } },
      { key: 'a', cost: { perKm: -1, perHour: Infinity, fixed: 0 } },
    ],
    orders: [
      { point: { latitude: NaN, longitude: 181 }, priority: 101 },
      { load: { weightKg: -0.1, volumeM3: 0, parcels: 0.5 }, serviceSeconds: 1e7 },
      { windows: [{ startSeconds: 10, endSeconds: 10 }] },
      { windows: [{ startSeconds: 0.5, endSeconds: NaN }] },
      { windows: Array.from({ length: 4 }, () => ({ startSeconds: 0, endSeconds: 1 })) },
    ],
  });
  assert.deepEqual(flawsOf(problem), [
    'vehicles.1.key',
    'vehicles.0.capacity.weightKg',
    'vehicles.0.capacity.volumeM3',
    'vehicles.0.capacity.parcels',
    'vehicles.0.shiftEndSeconds',
    'vehicles.1.cost.perKm',
    'vehicles.1.cost.perHour',
    'orders.0.point.latitude',
    'orders.0.point.longitude',
    'orders.0.priority',
    'orders.1.load.weightKg',
    'orders.1.load.parcels',
    'orders.1.serviceSeconds',
    'orders.2.windows.0',
    'orders.3.windows.0.startSeconds',
    'orders.3.windows.0.endSeconds',
    'orders.4.windows',
  ]);
});

test('refuses more than it can hold, and lists no more than a hundred flaws', () => {
  const orders = Array.from({ length: 2_001 }, () => ({ priority: -1 }));
  const flaws = checkProblem(sampleProblem({ orders }));
  assert.equal(flaws[0]?.message, 'at most 2000 are planned at once, got 2001');
  assert.equal(flaws.length, 100);
});

test('refuses matrices that are missing, of another size or negative', () => {
  const matrix = (size: number, value: number) => ({
    size,
    distanceMeters: new Int32Array(size * size).fill(value),
    durationSeconds: new Int32Array(size * size),
    isEstimated: false,
  });
  for (const matrices of [{}, { VAN: matrix(3, 0) }, { VAN: matrix(2, -1) }]) {
    const problem = { ...sampleProblem({}), travel: { kind: 'MATRICES', matrices } as const };
    assert.deepEqual(flawsOf(problem), ['travel.matrices.VAN']);
  }
});
