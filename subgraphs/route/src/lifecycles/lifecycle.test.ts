import assert from 'node:assert/strict';
import { test } from 'node:test';

import { EXPERIMENT_TRANSITIONS } from './experiment-lifecycle.ts';
import { refusedStep } from './lifecycle.ts';
import { ORDER_TRANSITIONS } from './order-lifecycle.ts';
import { ROUTE_TRANSITIONS } from './route-lifecycle.ts';
import { RUN_TRANSITIONS } from './run-lifecycle.ts';
import { STOP_TRANSITIONS } from './stop-lifecycle.ts';

test('a step that the lifecycle has is not refused', () => {
  const step = { from: 'PENDING', to: 'ARRIVED', path: ['id'] } as const;
  assert.equal(refusedStep(STOP_TRANSITIONS, step), null);
});

test('any other step is refused with the present status and what is possible from it', () => {
  const step = { from: 'PENDING', to: 'COMPLETED', path: ['id'] } as const;
  const refused = refusedStep(STOP_TRANSITIONS, step);
  assert.equal(refused?.code, 'ILLEGAL_TRANSITION');
  assert.equal(refused.currentStatus, 'PENDING');
  assert.deepEqual(refused.allowed, ['ARRIVED', 'FAILED']);
  assert.deepEqual(refused.path, ['id']);
});

test('every object ends somewhere', () => {
  const finalStatuses = (transitions: Readonly<Record<string, readonly string[]>>) =>
    Object.keys(transitions).filter((status) => transitions[status]?.length === 0);
  assert.deepEqual(finalStatuses(ORDER_TRANSITIONS), [
    'DELIVERED',
    'PARTIALLY_DELIVERED',
    'FAILED',
    'CANCELED',
  ]);
  assert.deepEqual(finalStatuses(STOP_TRANSITIONS), ['COMPLETED', 'FAILED']);
  assert.deepEqual(finalStatuses(ROUTE_TRANSITIONS), ['COMPLETED']);
  assert.deepEqual(finalStatuses(RUN_TRANSITIONS), ['SUCCEEDED', 'FAILED', 'CANCELED']);
  assert.deepEqual(finalStatuses(EXPERIMENT_TRANSITIONS), ['CONCLUDED']);
});
