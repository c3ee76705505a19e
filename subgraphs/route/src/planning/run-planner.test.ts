import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PlanningError, runPlanner } from './run-planner.ts';
import type { PlanningProgress } from './planner.ts';
import { sampleDay, sampleProblem } from './sample-problem.ts';

const OPTIONS = { algorithm: 'cheapest-insertion', seed: 1, timeLimitMs: 20_000 } as const;

function hasCode(code: string): (error: unknown) => boolean {
  return (error) => error instanceof PlanningError && error.code === code;
}

function threadCount(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'MessagePort').length;
}

test('plans on a thread, tells its progress and leaves no thread behind', async () => {
  const progress: PlanningProgress[] = [];
  const threads = threadCount();
  const solution = await runPlanner(sampleDay({ orders: 60, vehicles: 4 }), {
    ...OPTIONS,
    onProgress: (news) => progress.push(news),
  });
  assert.equal(solution.outcome, 'COMPLETED');
  assert.equal(solution.routes.flatMap((route) => route.stops).length > 0, true);
  assert.ok(progress.length > 0);
  assert.ok(progress.every(({ assigned, unassigned }) => assigned + unassigned === 60));
  assert.equal(threadCount(), threads);
});

test('does not block the event loop while it plans', async () => {
  let ticks = 0;
  const timer = setInterval(() => ticks++, 5);
  await runPlanner(sampleDay({ orders: 300, vehicles: 12 }), OPTIONS);
  clearInterval(timer);
  assert.ok(ticks > 10, `${ticks} ticks`);
});

test('returns the best plan so far when it is canceled', async () => {
  const controller = new AbortController();
  const solution = await runPlanner(sampleDay({ orders: 1_000, vehicles: 50 }), {
    ...OPTIONS,
    signal: controller.signal,
    onProgress: ({ assigned }) => {
      if (assigned > 100) controller.abort();
    },
  });
  assert.equal(solution.outcome, 'CANCELED');
  assert.ok(solution.routes.length > 0);
});

test('returns an empty plan when it is canceled before it starts', async () => {
  const solution = await runPlanner(sampleProblem({}), { ...OPTIONS, signal: AbortSignal.abort() });
  assert.equal(solution.outcome, 'CANCELED');
  assert.deepEqual(solution.unassigned, [{ orderKey: 'order-1', reasons: [] }]);
});

test('returns the best plan so far when the time is up', async () => {
  const solution = await runPlanner(sampleDay({ orders: 1_000, vehicles: 50 }), {
    ...OPTIONS,
    timeLimitMs: 400,
  });
  assert.equal(solution.outcome, 'TIME_LIMIT');
});

test('ends a thread that does not stop when it is told to', async () => {
  const threads = threadCount();
  const run = runPlanner(sampleDay({ orders: 1_000, vehicles: 50 }), {
    ...OPTIONS,
    timeLimitMs: 0,
    graceMs: 1,
  });
  await assert.rejects(run, hasCode('UNRESPONSIVE'));
  assert.equal(threadCount(), threads);
});

test('refuses a senseless problem with every flaw', async () => {
  const problem = sampleProblem({
    orders: [{ serviceSeconds: -1 }],
    vehicles: [{ shiftEndSeconds: 0 }],
  });
  await assert.rejects(runPlanner(problem, OPTIONS), (error) => {
    assert.ok(error instanceof PlanningError);
    assert.equal(error.code, 'INVALID_PROBLEM');
    assert.deepEqual(
      error.flaws.map((flaw) => flaw.path.join('.')),
      ['vehicles.0.shiftEndSeconds', 'orders.0.serviceSeconds'],
    );
    return true;
  });
});

test('tells a crash of the thread', async () => {
  const run = runPlanner(sampleProblem({}), {
    ...OPTIONS,
    algorithm: 'none' as 'cheapest-insertion',
  });
  await assert.rejects(run, hasCode('CRASHED'));
});

test('ends a run whose listener throws, with what it threw', async () => {
  const broken = new Error('listener');
  const run = runPlanner(sampleProblem({}), {
    ...OPTIONS,
    onProgress: () => {
      throw broken;
    },
  });
  await assert.rejects(run, broken);
});
