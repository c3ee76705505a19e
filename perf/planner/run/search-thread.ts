import { parentPort, workerData } from 'node:worker_threads';
import { compileProblem, SEARCHES, type SearchControl } from '../engine.ts';
import type { SearchRun, SearchTask } from './run-search.ts';

/** Where a run's thread starts; `run-search.ts` is the other end. */
const { problem, algorithm, seed, seconds } = workerData as SearchTask;
const startedAt = threadSeconds();
const improvements: [number, number][] = [];

const control: SearchControl = {
  budgetUsed: () => (threadSeconds() - startedAt) / seconds,
  report(counts) {
    const { cost, unassigned } = counts();
    const best = improvements.at(-1)?.[1] ?? Infinity;
    if (unassigned === 0 && cost < best) improvements.push([threadSeconds() - startedAt, cost]);
  },
};

const instance = compileProblem(problem);
const compileSeconds = threadSeconds() - startedAt;
const { routes, iterations } = SEARCHES[algorithm](instance, seed, control);
const run: SearchRun = {
  cpuSeconds: threadSeconds() - startedAt,
  compileSeconds,
  iterations,
  improvements,
  routes: routes.map((route) =>
    route.map((visit) => {
      if (visit >= instance.visitCount) return 'RELOAD';
      const order = problem.orders[instance.orderOf[visit] ?? -1];
      return {
        orderKey: order?.key ?? `unknown order of visit ${visit}`,
        kind: instance.isPickup[visit] === 1 ? 'PICKUP' : 'DELIVERY',
      };
    }),
  ),
};
parentPort?.postMessage(run);

/** CPU time of this thread only. */
function threadSeconds(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1e6;
}
