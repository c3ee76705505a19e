import type { BenchCase } from '../bench-case.ts';
import type { AlgorithmName } from '../engine.ts';
import { failedResult, runResult, type RunResult } from '../report/run-result.ts';
import { runSearch } from './run-search.ts';

export type RunPlan = {
  readonly cases: readonly BenchCase[];
  readonly algorithms: readonly AlgorithmName[];
  readonly seconds: readonly number[];
  readonly seeds: readonly number[];
  /** So many runs at a time. */
  readonly jobs: number;
};

type PlannedRun = {
  readonly benchCase: BenchCase;
  readonly algorithm: AlgorithmName;
  readonly seconds: number;
  readonly seed: number;
};

/**
 * Runs every algorithm with every budget and seed on every instance; tells of each result as it
 * comes. When the signal aborts, the runs under way are the last.
 */
export async function runAll(
  plan: RunPlan,
  { tell, signal }: { tell(result: RunResult): void; signal: AbortSignal },
): Promise<RunResult[]> {
  const runs = plannedRuns(plan);
  const results = new Map<PlannedRun, RunResult>();
  const waiting = runs.values();
  const work = async () => {
    for (const run of waiting) {
      if (signal.aborted) return;
      const { benchCase, ...rest } = run;
      const task = { ...rest, problem: benchCase.problem() };
      const result = await runSearch(task).then(
        (found) => runResult(benchCase, task, found),
        (error: unknown) => failedResult(benchCase, task, error),
      );
      results.set(run, result);
      tell(result);
    }
  };
  await Promise.all(Array.from({ length: plan.jobs }, work));
  return runs.map((run) => results.get(run)).filter((result) => result !== undefined);
}

/** The algorithms one after the other, so that a machine that slows down is as unfair to each. */
function plannedRuns({ cases, algorithms, seconds, seeds }: RunPlan): PlannedRun[] {
  return cases.flatMap((benchCase) =>
    seconds.flatMap((budget) =>
      seeds.flatMap((seed) =>
        algorithms.map((algorithm) => ({ benchCase, algorithm, seconds: budget, seed })),
      ),
    ),
  );
}
