import { parentPort, workerData } from 'node:worker_threads';
import { compileProblem } from '../instance/compile-problem.ts';
import { explainUnassigned } from '../reasons/explanation.ts';
import type { Instance } from '../instance/instance.ts';
import type { PlannerThreadInput, PlannerThreadMessage } from './planner-messages.ts';
import type { SearchResult } from '../planner.ts';
import { RunControl } from './run-control.ts';
import { ordersLeftOut, toSolution } from '../routes/schedule.ts';
import { SEARCHES } from '../search/searches.ts';
import { verify } from '../verify.ts';

/** Where a planner's thread starts; `island.ts` is the other end. */
const input = workerData as PlannerThreadInput;
const startedAt = performance.now();
const stopFlag = new Int32Array(input.stopFlag);
say(plan(input));

function plan({ problem, algorithm, seed, timeLimitMs, iterationLimit }: PlannerThreadInput) {
  const instance = compileProblem(problem);
  const control = new RunControl(
    { timeLimitMs, iterationLimit, orderCount: instance.orderCount },
    {
      elapsedMs: () => performance.now() - startedAt,
      isStopped: () => Atomics.load(stopFlag, 0) !== 0,
      tell: (progress) => say({ kind: 'PROGRESS', progress }),
    },
  );
  const isEmpty = instance.orderCount === 0 || instance.vehicles.length === 0;
  const result = isEmpty ? nothing(instance) : SEARCHES[algorithm](instance, seed, control);
  const last = control.lastCounts();
  const orders = ordersLeftOut(instance, result);
  const unassigned = explainUnassigned(instance, result.routes, orders);
  const run = { algorithm, seed, outcome: control.outcome, unassigned };
  const solution = toSolution(instance, result, run);
  const violations = verify(problem, solution);
  if (violations.length > 0) return { kind: 'INVALID_PLAN', violations } as const;
  const leftOut = orders.map((order) => problem.orders[order]!.priority);
  const cost = last?.cost ?? solution.metrics.cost;
  return { kind: 'PLAN', plan: { solution, leftOut, cost } } as const;
}

function nothing({ vehicles }: Instance): SearchResult {
  return { routes: vehicles.map(() => []), iterations: 0 };
}

function say(message: PlannerThreadMessage): void {
  parentPort?.postMessage(message);
}
