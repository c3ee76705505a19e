import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RunControl } from './run-control.ts';
import type { PlanningProgress, RunLimits } from './run-control.ts';

function controlOf(limits: Partial<RunLimits> = {}) {
  const world = { now: 0, isStopped: false, told: [] as PlanningProgress[] };
  const control = new RunControl(
    { timeLimitMs: 1_000, iterationLimit: null, orderCount: 10, ...limits },
    {
      elapsedMs: () => world.now,
      isStopped: () => world.isStopped,
      tell: (progress) => world.told.push(progress),
    },
  );
  return { control, world };
}

const PLAN = { assigned: 9, unassigned: 1, cost: 50 };

test('the budget is what is used up first: the iterations that suit the orders, or the time', () => {
  const { control, world } = controlOf();
  assert.equal(control.budgetUsed(20_000), 0.5);
  world.now = 800;
  assert.equal(control.budgetUsed(20_000), 0.8);
  assert.ok(control.budgetUsed(40_000) >= 1);
  assert.equal(control.outcome, 'COMPLETED');
});

test('with a limit of iterations the clock does not count until the time is up', () => {
  const { control, world } = controlOf({ iterationLimit: 1_000 });
  world.now = 900;
  assert.equal(control.budgetUsed(100), 0.1);
  world.now = 1_000;
  assert.equal(control.budgetUsed(100), 1);
  assert.equal(control.outcome, 'TIME_LIMIT');
});

test('whoever stops a run waits for its first plan', () => {
  const { control, world } = controlOf();
  world.isStopped = true;
  assert.equal(control.budgetUsed(0), 0);
  control.report(() => PLAN);
  assert.equal(control.budgetUsed(0), 1);
  assert.equal(control.outcome, 'STOPPED');
});

test('progress is told four times a second, and once more at the end', () => {
  const { control, world } = controlOf();
  for (world.now = 0; world.now < 1_000; world.now += 10) control.report(() => PLAN);
  assert.equal(world.told.length, 4);
  control.report(() => ({ ...PLAN, cost: 40 }));
  assert.deepEqual(control.lastCounts(), { ...PLAN, cost: 40 });
  assert.equal(world.told.at(-1)?.cost, 40);
  assert.deepEqual(
    world.told.at(-1)?.improvements.map(({ cost }) => cost),
    [50, 40],
  );
});

test('a search without a plan has no figures', () => {
  assert.equal(controlOf().control.lastCounts(), null);
});
