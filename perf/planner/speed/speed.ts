import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { AlgorithmName } from '../engine.ts';
import { textTable } from '../report/text-table.ts';
import { LARGE_PROBLEMS, type LargeProblem } from './large-problems.ts';

/** What it took to plan a large problem, in a process that had not done anything before. */
export type LargePlan = {
  /** CPU seconds from the problem to the first plan that serves everybody; null: there was none. */
  readonly firstPlanSeconds: number | null;
  /** From the problem to the verified plan. */
  readonly cpuSeconds: number;
  /** The same by the clock on the wall, which other work on the machine makes longer. */
  readonly wallSeconds: number;
  readonly leftOut: number;
  readonly violations: readonly string[];
  /** Of the whole process, Node included. */
  readonly peakMegabytes: number;
  /** When the problem had been made and planning had not begun. */
  readonly megabytesBefore: number;
};

export type SpeedResult = LargePlan & {
  readonly problem: string;
  readonly algorithm: AlgorithmName;
};

/** A plan is wanted within 2 seconds; verifying it and starting up need some of them. */
export const BUDGET_SECONDS = 1.7;
const PLAN_LARGE = fileURLToPath(new URL('./plan-large.ts', import.meta.url));
const run = promisify(execFile);

/** Plans each of the large problems with each algorithm, one after the other. */
export async function measureSpeed(algorithms: readonly AlgorithmName[]): Promise<SpeedResult[]> {
  const results: SpeedResult[] = [];
  for (const problem of Object.keys(LARGE_PROBLEMS) as LargeProblem[]) {
    for (const algorithm of algorithms) {
      const args = [PLAN_LARGE, problem, algorithm, `${BUDGET_SECONDS}`];
      const { stdout } = await run(process.execPath, args);
      results.push({ problem, algorithm, ...(JSON.parse(stdout) as LargePlan) });
    }
  }
  return results;
}

export function speedResultTable(results: readonly SpeedResult[]): string {
  return textTable([
    [
      'problem',
      'algorithm',
      'first plan',
      'verified plan',
      'by the clock',
      'left out',
      'peak memory',
      'before',
    ],
    ...results.map((result) => [
      result.problem,
      result.algorithm,
      result.firstPlanSeconds === null ? 'none' : `${result.firstPlanSeconds.toFixed(3)} s`,
      result.violations.length > 0 ? 'NOT VALID' : `${result.cpuSeconds.toFixed(2)} s`,
      `${result.wallSeconds.toFixed(2)} s`,
      `${result.leftOut}`,
      `${Math.round(result.peakMegabytes)} MB`,
      `${Math.round(result.megabytesBefore)} MB`,
    ]),
  ]);
}
