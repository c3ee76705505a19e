import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Progress } from '../storage/lease-store.ts';
import { createProgress } from './progress.ts';

function recorded() {
  const told: { progress: Progress; atMs: number }[] = [];
  const progress = createProgress(async (state) => {
    told.push({ progress: state, atMs: performance.now() });
  });
  return { told, progress };
}

test('progress is told at most twice a second, however fast it is made', async () => {
  const { told, progress } = recorded();
  const startedAt = performance.now();
  for (let rows = 0; performance.now() - startedAt < 1_800; rows += 1_000) {
    await progress.rows(rows, null);
    await sleep(2);
  }
  for (const phase of ['AGGREGATING', 'RENDERING', 'STORING'] as const) await progress.enter(phase);
  await sleep(600);
  progress.stop();
  assert.ok(told.length >= 3 && told.length <= 5, `told ${told.length} times`);
  for (const [index, { atMs }] of told.entries()) {
    const before = told[index - 1]?.atMs ?? startedAt;
    assert.ok(atMs - before > 480, `after ${atMs - before} ms`);
  }
  assert.deepEqual(told.at(-1)?.progress.phase, 'STORING');
});

test('a phase that was entered too soon is told when its time has come', async () => {
  const { told, progress } = recorded();
  await progress.enter('AGGREGATING');
  await progress.enter('RENDERING');
  assert.equal(told.length, 0);
  await sleep(600);
  assert.deepEqual(
    told.map(({ progress: { phase } }) => phase),
    ['RENDERING'],
  );
});

test('nothing is told after the end', async () => {
  const { told, progress } = recorded();
  await progress.enter('STORING');
  progress.stop();
  await sleep(600);
  assert.deepEqual(told, []);
});

test('a write that failed in the meantime fails what follows', async () => {
  const progress = createProgress(() => Promise.reject(new Error('the attempt is over')));
  await progress.enter('AGGREGATING');
  await sleep(600);
  await assert.rejects(progress.enter('RENDERING'), /the attempt is over/);
  progress.stop();
});
