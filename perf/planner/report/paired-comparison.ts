import { meanInterval, meanOf, type MeanInterval } from '../statistics/mean-interval.ts';
import { signedRankProbability } from '../statistics/signed-rank.ts';
import type { RunResult } from './run-result.ts';

/** Algorithm A against B on the same instances, seeds and budget. */
export type PairedComparison = {
  readonly class: string;
  readonly seconds: number;
  readonly a: string;
  readonly b: string;
  /** Per cent of the reference, of instances where both use as many vehicles; below 0: A is better. */
  readonly difference: MeanInterval;
  /** Instances on which A is better, as good, and worse. */
  readonly wins: number;
  readonly ties: number;
  readonly losses: number;
  /** Of Wilcoxon's signed-rank test: how likely a difference like this is between equals. */
  readonly probability: number;
};

export const ALL_CLASSES = 'all';

/** Every two algorithms by class and budget, and over all classes where there are several. */
export function comparePairs(results: readonly RunResult[]): PairedComparison[] {
  const algorithms = distinct(results.map((run) => run.algorithm));
  const pairs = algorithms.flatMap((a, index) => algorithms.slice(index + 1).map((b) => [a, b]));
  const classes = distinct(results.map((run) => run.class));
  const groups = classes.length > 1 ? [...classes, ALL_CLASSES] : classes;
  return pairs.flatMap(([a = '', b = '']) =>
    groups.flatMap((group) =>
      distinct(results.map((run) => run.seconds)).map((seconds) => {
        const runs = results.filter(
          (run) => run.seconds === seconds && (group === ALL_CLASSES || run.class === group),
        );
        return { class: group, seconds, a, b, ...compare(runs, a, b) };
      }),
    ),
  );
}

type Difference = { readonly percent: number; readonly vehicles: number };

function compare(runs: readonly RunResult[], a: string, b: string) {
  const differences = [...Map.groupBy(runs, (run) => `${run.class} ${run.instance}`).values()]
    .map((instance) => instanceDifference(instance, a, b))
    .filter((difference) => difference !== null);
  const ranked = differences.map(({ percent, vehicles }) => vehicles * MORE_THAN_ANY_GAP + percent);
  const alike = differences.filter(({ vehicles }) => vehicles === 0);
  return {
    difference: meanInterval(alike.map(({ percent }) => percent)),
    wins: ranked.filter((difference) => difference < 0).length,
    ties: ranked.filter((difference) => difference === 0).length,
    losses: ranked.filter((difference) => difference > 0).length,
    probability: signedRankProbability(ranked),
  };
}

/** Per cent; a vehicle outweighs every distance where vehicles come first. */
const MORE_THAN_ANY_GAP = 1e6;
/** Per cent: rounding of sums is no difference. */
const SMALLEST_DIFFERENCE = 1e-7;

/** The mean over the seeds that both have run with a valid plan; null without any. */
function instanceDifference(runs: readonly RunResult[], a: string, b: string): Difference | null {
  const valid = runs.filter((run) => run.violations.length === 0);
  const differences = valid
    .filter((run) => run.algorithm === a)
    .flatMap((run) => {
      const other = valid.find(({ algorithm, seed }) => algorithm === b && seed === run.seed);
      return other ? [seedDifference(run, other)] : [];
    });
  if (differences.length === 0) return null;
  const percent = meanOf(differences.map((difference) => difference.percent));
  return {
    percent: Math.abs(percent) < SMALLEST_DIFFERENCE ? 0 : percent,
    vehicles: meanOf(differences.map((difference) => difference.vehicles)),
  };
}

function seedDifference(a: RunResult, b: RunResult): Difference {
  const whole = a.reference?.value ?? Math.min(a.value, b.value);
  const doVehiclesCount = a.reference?.vehicles != null;
  return {
    percent: (100 * (a.value - b.value)) / whole,
    vehicles: doVehiclesCount ? a.vehicles - b.vehicles : 0,
  };
}

function distinct<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
