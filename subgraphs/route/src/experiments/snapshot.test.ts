import assert from 'node:assert/strict';
import { randomFillSync } from 'node:crypto';
import { test } from 'node:test';

import type { RunProblem } from '../runs/run-problem.ts';
import { problemIn, snapshotOf } from './snapshot.ts';

function problemWith(size: number): RunProblem {
  const meters = randomFillSync(new Int32Array(size * size));
  const van = { size, distanceMeters: meters, durationSeconds: meters, isEstimated: false };
  return {
    orders: new Map([['a', { id: 'a' }]]),
    problem: { travel: { kind: 'MATRICES', matrices: { VAN: van } } },
  } as unknown as RunProblem;
}

test('a problem comes back as it was, with its maps and matrices', async () => {
  const problem = problemWith(50);
  const snapshot = await snapshotOf(problem);
  assert.deepEqual(await problemIn(snapshot ?? assert.fail('nothing was kept')), problem);
});

test('a problem of more than 16 MB is not kept', async () => {
  assert.equal(await snapshotOf(problemWith(2_100)), null);
});
