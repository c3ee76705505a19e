import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ALGORITHMS } from '../algorithms.ts';
import type { AlgorithmName } from '../algorithms.ts';
import { PlanningError } from './planning-error.ts';
import type { PlanningProgress } from './run-control.ts';
import { runPlanner } from './run-planner.ts';
import { sampleDay, sampleProblem } from '../testing/sample-problem.ts';
import { verify } from '../verify.ts';

const OPTIONS = { algorithm: 'sisr', seed: 1, timeLimitMs: 20_000 } as const;
/** A day that takes longer than any test. */
const LONG = { ...OPTIONS, timeLimitMs: 60_000 } as const;
const largeDay = () => sampleDay({ orders: 400, vehicles: 20 });

function hasCode(code: string): (error: unknown) => boolean {
  return (error) => error instanceof PlanningError && error.code === code;
}

function threadCount(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'MessagePort').length;
}

test('plans on a thread, tells its progress and leaves no thread behind', async () => {
  const news: PlanningProgress[] = [];
  const threads = threadCount();
  const problem = sampleDay({ orders: 60, vehicles: 4 });
  const solution = await runPlanner(problem, {
    ...OPTIONS,
    timeLimitMs: 1_500,
    onProgress: (progress) => news.push(progress),
  });
  assert.deepEqual(verify(problem, solution), []);
  assert.ok(news.length > 1 && news.length <= 9, `${news.length} times`);
  assert.ok(news.every(({ assigned, unassigned }) => assigned + unassigned === 60));
  const { improvements, cost } = news.at(-1)!;
  assert.equal(improvements.at(-1)?.cost, cost);
  assert.ok(improvements[0]!.cost > cost);
  assert.equal(threadCount(), threads);
});

test('a small day ends long before its time', async () => {
  const startedAt = performance.now();
  const solution = await runPlanner(sampleDay({ orders: 5, vehicles: 2 }), LONG);
  assert.equal(solution.outcome, 'COMPLETED');
  assert.ok(performance.now() - startedAt < 20_000);
});

test('the same seed and limit of iterations give the same plan, another seed another one', async () => {
  const plan = (seed: number) =>
    runPlanner(sampleDay({ orders: 80, vehicles: 6 }), { ...LONG, seed, iterationLimit: 3_000 });
  const [first, second, other] = [await plan(1), await plan(1), await plan(2)];
  assert.deepEqual(second, first);
  assert.equal(first.outcome, 'COMPLETED');
  assert.notDeepEqual(other.routes, first.routes);
});

test('the time ends what its limit of iterations does not', async () => {
  const limits = { timeLimitMs: 300, iterationLimit: 100_000_000 };
  const solution = await runPlanner(largeDay(), { ...OPTIONS, ...limits });
  assert.equal(solution.outcome, 'TIME_LIMIT');
  assert.ok(solution.routes.length > 0);
});

test('ends early with the best plan so far when it is stopped', async () => {
  const stop = new AbortController();
  const problem = largeDay();
  const solution = await runPlanner(problem, {
    ...LONG,
    stop: stop.signal,
    onProgress: () => stop.abort(),
  });
  assert.equal(solution.outcome, 'STOPPED');
  assert.deepEqual(verify(problem, solution), []);
  assert.ok(solution.routes.length > 0);
});

test('has a first plan even when it is stopped before it starts', async () => {
  const problem = largeDay();
  const solution = await runPlanner(problem, { ...LONG, stop: AbortSignal.abort() });
  assert.equal(solution.outcome, 'STOPPED');
  assert.ok(solution.routes.length > 0);
});

test('an aborted run rejects at once with the reason, and its thread is gone', async () => {
  const reason = new Error('not wanted any more');
  const controller = new AbortController();
  const threads = threadCount();
  const run = runPlanner(largeDay(), {
    ...LONG,
    signal: controller.signal,
    onProgress: () => controller.abort(reason),
  });
  await assert.rejects(run, reason);
  assert.equal(threadCount(), threads);
});

test('nothing to plan is a plan', async () => {
  const solution = await runPlanner({ ...sampleProblem({}), orders: [] }, OPTIONS);
  assert.deepEqual([solution.outcome, solution.routes], ['COMPLETED', []]);
});

test('islands give a plan that is at least as good, and the same one every time', async () => {
  const problem = sampleDay({ orders: 60, vehicles: 4 });
  const options = { ...LONG, iterationLimit: 1_000 };
  const alone = await runPlanner(problem, options);
  const together = await runPlanner(problem, { ...options, islands: 2 });
  assert.ok(together.metrics.cost <= alone.metrics.cost);
  assert.deepEqual(await runPlanner(problem, { ...options, islands: 2 }), together);
});

test('islands take another algorithm than the one that was asked for only where they may', async () => {
  const problem = sampleDay({ orders: 60, vehicles: 4 });
  for (const algorithm of ALGORITHMS) {
    const options = { ...LONG, algorithm, iterationLimit: 200, islands: 3, keepsAlgorithm: true };
    assert.equal((await runPlanner(problem, options)).algorithm, algorithm);
  }
});

test('what is told last of islands are the figures of the plan that has won', async () => {
  let last: PlanningProgress | undefined;
  const { metrics, unassigned } = await runPlanner(sampleDay({ orders: 60, vehicles: 4 }), {
    ...LONG,
    iterationLimit: 2_000,
    islands: 3,
    onProgress: (progress) => (last = progress),
  });
  assert.equal(last?.unassigned, unassigned.length);
  assert.ok(Math.abs(last.cost - metrics.cost) < 0.01, `${last.cost} ${metrics.cost}`);
  const newest = last.improvements.at(-1);
  assert.ok(newest && Math.abs(newest.cost - last.cost) < 0.01, `${newest?.cost} ${last.cost}`);
});

test('islands are stopped, aborted and heard as one', async () => {
  const stop = new AbortController();
  const news: PlanningProgress[] = [];
  const threads = threadCount();
  const solution = await runPlanner(largeDay(), {
    ...LONG,
    islands: 2,
    stop: stop.signal,
    onProgress: (progress) => {
      news.push(progress);
      if (news.length === 3) stop.abort();
    },
  });
  assert.equal(solution.outcome, 'STOPPED');
  const costs = news.map(({ cost }) => cost);
  assert.deepEqual(
    costs,
    costs.toSorted((a, b) => b - a),
  );
  const aborted = runPlanner(largeDay(), { ...LONG, islands: 2, signal: AbortSignal.abort() });
  await assert.rejects(aborted, { name: 'AbortError' });
  assert.equal(threadCount(), threads);
});

test('does not block the event loop while it plans', async () => {
  let ticks = 0;
  const timer = setInterval(() => ticks++, 5);
  await runPlanner(largeDay(), { ...OPTIONS, timeLimitMs: 500 });
  clearInterval(timer);
  assert.ok(ticks > 10, `${ticks} ticks`);
});

test('ends a thread that does not stop when its time is up', async () => {
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
  const problem = sampleProblem({ orders: [{ priority: -1 }], vehicles: [{ shiftEndSeconds: 0 }] });
  await assert.rejects(runPlanner(problem, OPTIONS), (error) => {
    assert.ok(error instanceof PlanningError);
    assert.equal(error.code, 'INVALID_PROBLEM');
    assert.deepEqual(
      error.flaws.map((flaw) => flaw.path.join('.')),
      ['vehicles.0.shiftEndSeconds', 'orders.0.priority'],
    );
    return true;
  });
});

test('tells a crash of the thread', async () => {
  const run = runPlanner(sampleProblem({}), { ...OPTIONS, algorithm: 'none' as AlgorithmName });
  await assert.rejects(run, hasCode('CRASHED'));
});

test('ends a run whose listener throws, with what it threw', async () => {
  const broken = new Error('listener');
  const run = runPlanner(largeDay(), {
    ...OPTIONS,
    onProgress: () => {
      throw broken;
    },
  });
  await assert.rejects(run, broken);
});
