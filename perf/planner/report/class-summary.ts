import { meanInterval, meanOf, type MeanInterval } from '../statistics/mean-interval.ts';
import { extraVehicles, gapPercent, type RunResult } from './run-result.ts';

/** All runs of one algorithm with one budget on the instances of one class. */
export type ClassSummary = {
  readonly class: string;
  readonly algorithm: string;
  readonly seconds: number;
  readonly runs: number;
  /** Runs whose plan breaks a rule. */
  readonly invalid: number;
  /** Valid runs that need more vehicles than the reference; their gap says nothing and is not in the mean. */
  readonly moreVehicles: number;
  /** Of the instances' means over their seeds; of the seeds where there is one instance only. */
  readonly gapPercent: MeanInterval;
  readonly iterationsPerSecond: number;
  readonly firstPlanSeconds: number;
};

/** One for each class, algorithm and budget, in the order in which they occur. */
export function summarizeClasses(results: readonly RunResult[]): ClassSummary[] {
  const groups = Map.groupBy(
    results,
    (result) => `${result.class} / ${result.algorithm} / ${result.seconds}`,
  );
  return [...groups.values()].flatMap((runs) => (runs[0] ? [summarize(runs[0], runs)] : []));
}

function summarize(first: RunResult, runs: readonly RunResult[]): ClassSummary {
  const valid = runs.filter((run) => run.violations.length === 0);
  const comparable = valid.filter((run) => extraVehicles(run) <= 0);
  return {
    class: first.class,
    algorithm: first.algorithm,
    seconds: first.seconds,
    runs: runs.length,
    invalid: runs.length - valid.length,
    moreVehicles: valid.length - comparable.length,
    gapPercent: meanInterval(independentGaps(comparable)),
    iterationsPerSecond: meanOf(runs.map((run) => run.iterations / run.cpuSeconds)),
    firstPlanSeconds: meanOf(runs.map((run) => run.firstPlanSeconds ?? run.seconds)),
  };
}

/** Seeds of one instance are alike, so an instance counts once. */
function independentGaps(runs: readonly RunResult[]): number[] {
  const instances = [...Map.groupBy(runs, (run) => run.instance).values()].map((seeds) =>
    seeds.map(gapPercent).filter((gap) => gap !== null),
  );
  const solved = instances.filter((gaps) => gaps.length > 0);
  return solved.length === 1 ? solved.flat() : solved.map(meanOf);
}
