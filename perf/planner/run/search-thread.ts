import { parentPort, workerData } from 'node:worker_threads';
import {
  compileProblem,
  ordersLeftOut,
  SEARCHES,
  toSolution,
  verify,
  type SearchControl,
} from '../engine.ts';
import type { SearchRun, SearchTask } from './run-search.ts';

/** Where a run's thread starts; `run-search.ts` is the other end. */
const { problem, algorithm, seed, seconds } = workerData as SearchTask;
const startedAt = threadSeconds();
const improvements: [number, number][] = [];

const control: SearchControl = {
  budgetUsed: () => elapsed() / seconds,
  report(counts) {
    const { cost, unassigned } = counts();
    const best = improvements.at(-1)?.[1] ?? Infinity;
    if (unassigned === 0 && cost < best) improvements.push([elapsed(), cost]);
  },
};

const instance = compileProblem(problem);
const result = SEARCHES[algorithm](instance, seed, control);
const cpuSeconds = elapsed();
const unassigned = ordersLeftOut(instance, result).map((order) => ({
  orderKey: problem.orders[order]?.key ?? '',
  reasons: [],
}));
const solution = toSolution(instance, result, {
  algorithm,
  seed,
  outcome: 'TIME_LIMIT',
  unassigned,
});
const run: SearchRun = {
  solution,
  violations: verify(problem, solution),
  cpuSeconds,
  improvements,
};
parentPort?.postMessage(run);

function elapsed(): number {
  return threadSeconds() - startedAt;
}

/** CPU time of this thread only. */
function threadSeconds(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1e6;
}
