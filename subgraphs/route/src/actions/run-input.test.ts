import assert from 'node:assert/strict';
import { test } from 'node:test';

import { flawsOfRunInput, RUN_DEFAULTS } from './run-input.ts';
import type { RunInput } from './run-input.ts';

function flawsOf(changes: Partial<RunInput>): string[] {
  const input = { ...RUN_DEFAULTS, idempotencyKey: 'k', depotId: 'd', date: '2026-12-01' };
  return flawsOfRunInput({ ...input, ...changes }).map(({ path }) => path.slice(1).join('.'));
}

test('what the schema has as defaults is right', () => {
  assert.deepEqual(flawsOf({}), []);
});

test('every figure has its limits', () => {
  assert.deepEqual(flawsOf({ timeLimitSeconds: 0 }), ['timeLimitSeconds']);
  assert.deepEqual(flawsOf({ timeLimitSeconds: 121 }), ['timeLimitSeconds']);
  assert.deepEqual(flawsOf({ iterationLimit: 0 }), ['iterationLimit']);
  assert.deepEqual(flawsOf({ iterationLimit: 100_000_001 }), ['iterationLimit']);
  assert.deepEqual(flawsOf({ iterationLimit: null }), []);
  for (const stability of [-0.1, 1.1, Number.NaN]) {
    assert.deepEqual(flawsOf({ stability }), ['stability']);
  }
});

test('weights are neither negative nor no number, and not all zero', () => {
  for (const weight of [-1, Number.NaN, Number.POSITIVE_INFINITY, 1_000_001]) {
    const objectives = [{ kind: 'COST', weight: 1 } as const, { kind: 'CO2E', weight } as const];
    assert.deepEqual(flawsOf({ objectives }), ['objectives.1.weight']);
  }
  assert.deepEqual(flawsOf({ objectives: [{ kind: 'COST', weight: 0 }] }), ['objectives']);
  assert.deepEqual(flawsOf({ objectives: [{ kind: 'COST' }] }), []);
});

test('nothing is listed twice', () => {
  const objectives = [{ kind: 'COST' }, { kind: 'DISTANCE' }, { kind: 'COST' }] as const;
  assert.deepEqual(flawsOf({ objectives: [...objectives] }), ['objectives.2.kind']);
  assert.deepEqual(flawsOf({ lockedRouteIds: ['a', 'b', 'a'] }), ['lockedRouteIds.2']);
});

test('everything that is wrong is told at once', () => {
  const objectives = [{ kind: 'COST', weight: -1 } as const];
  assert.deepEqual(flawsOf({ timeLimitSeconds: 0, stability: 2, objectives }), [
    'timeLimitSeconds',
    'stability',
    'objectives.0.weight',
  ]);
});
