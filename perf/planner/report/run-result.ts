import type { BenchCase, Reference } from '../bench-case.ts';
import type { SearchRun, SearchTask } from '../run/search-once.ts';

/** One run of one algorithm on one instance, with its plan checked; a line of `results.json`. */
export type RunResult = {
  readonly instance: string;
  readonly class: string;
  readonly algorithm: string;
  /** The budget: CPU seconds of one thread. */
  readonly seconds: number;
  readonly seed: number;
  readonly iterations: number;
  readonly cpuSeconds: number;
  /** Until the first plan that serves everybody; null when there was none. */
  readonly firstPlanSeconds: number | null;
  readonly vehicles: number;
  /** Distance or cost, in the unit of the reference. */
  readonly value: number;
  readonly reference: Reference | null;
  readonly violations: readonly string[];
};

export function runResult(
  benchCase: BenchCase,
  { algorithm, seconds, seed }: SearchTask,
  run: SearchRun,
): RunResult {
  const { vehicles, value, violations } = benchCase.judge(run.solution);
  return {
    instance: benchCase.name,
    class: benchCase.class,
    algorithm,
    seconds,
    seed,
    iterations: run.solution.iterations,
    cpuSeconds: run.cpuSeconds,
    firstPlanSeconds: run.improvements[0]?.[0] ?? null,
    vehicles,
    value,
    reference: benchCase.reference,
    violations: [...violations, ...run.violations],
  };
}

/** A run that ended with an error; it counts as one whose plan is not valid. */
export function failedResult(
  benchCase: BenchCase,
  { algorithm, seconds, seed }: SearchTask,
  error: unknown,
): RunResult {
  return {
    instance: benchCase.name,
    class: benchCase.class,
    algorithm,
    seconds,
    seed,
    iterations: 0,
    cpuSeconds: seconds,
    firstPlanSeconds: null,
    vehicles: 0,
    value: 0,
    reference: benchCase.reference,
    violations: [`the search failed: ${String(error)}`],
  };
}

/** Per cent above the reference; null without one, and for a plan that is not valid. */
export function gapPercent({ value, reference, violations }: RunResult): number | null {
  if (reference === null || violations.length > 0) return null;
  return 100 * (value / reference.value - 1);
}

/** How many vehicles more than the reference; 0 where they do not count. */
export function extraVehicles({ vehicles, reference }: RunResult): number {
  return reference?.vehicles == null ? 0 : vehicles - reference.vehicles;
}

/** Such as `0.52 %`, with what keeps it from being compared. */
export function gapText(result: RunResult): string {
  const [violation] = result.violations;
  if (violation !== undefined) return `NOT VALID: ${violation}`;
  const gap = gapPercent(result);
  if (gap === null) return 'no reference';
  const extra = extraVehicles(result);
  const vehicles = extra === 0 ? '' : ` with ${signed(extra)} vehicles`;
  return `${roundedGap(gap)} %${vehicles}`;
}

/** Without a minus before nothing. */
export function roundedGap(percent: number): string {
  return percent.toFixed(2).replace(/^-(0\.00)$/, '$1');
}

function signed(value: number): string {
  return value > 0 ? `+${value}` : `${value}`;
}
