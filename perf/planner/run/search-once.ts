import {
  compileProblem,
  ordersLeftOut,
  SEARCHES,
  toSolution,
  verify,
  type AlgorithmName,
  type PlanningProblem,
  type PlanningSolution,
  type SearchControl,
} from '../engine.ts';

export type SearchTask = {
  readonly problem: PlanningProblem;
  readonly algorithm: AlgorithmName;
  readonly seed: number;
  /** CPU seconds of one thread, compiling the problem included. */
  readonly seconds: number;
};

export type SearchRun = {
  readonly solution: PlanningSolution;
  /** What the engine's own `verify` says of it. */
  readonly violations: readonly string[];
  /** Until the search ended. */
  readonly cpuSeconds: number;
  /** CPU seconds and cost of each better plan that serves everybody. */
  readonly improvements: readonly (readonly [number, number])[];
};

/** From a problem to a verified plan, on this thread. */
export function searchOnce({ problem, algorithm, seed, seconds }: SearchTask): SearchRun {
  const startedAt = threadSeconds();
  const elapsed = () => threadSeconds() - startedAt;
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
  return { solution, violations: verify(problem, solution), cpuSeconds, improvements };
}

/** CPU time of this thread only. */
function threadSeconds(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1e6;
}
