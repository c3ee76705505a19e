import type { AlgorithmName } from '../engine.ts';
import { searchOnce } from '../run/search-once.ts';
import { LARGE_PROBLEMS, type LargeProblem } from './large-problems.ts';
import type { LargePlan } from './speed.ts';

/** A process of its own for one problem, so that its memory can be told; `speed.ts` starts it. */
const [name, algorithm, seconds] = process.argv.slice(2) as [LargeProblem, AlgorithmName, string];
const problem = LARGE_PROBLEMS[name]();
const before = process.resourceUsage().maxRSS;
const cpuBefore = process.threadCpuUsage();
const startedAt = performance.now();
const run = searchOnce({ problem, algorithm, seed: 1, seconds: Number(seconds) });
const plan: LargePlan = {
  firstPlanSeconds: run.improvements[0]?.[0] ?? null,
  cpuSeconds: cpuSeconds(),
  wallSeconds: (performance.now() - startedAt) / 1000,
  leftOut: run.solution.unassigned.length,
  violations: run.violations,
  peakMegabytes: megabytes(process.resourceUsage().maxRSS),
  megabytesBefore: megabytes(before),
};
process.stdout.write(JSON.stringify(plan));

function cpuSeconds(): number {
  const { user, system } = process.threadCpuUsage(cpuBefore);
  return (user + system) / 1e6;
}

function megabytes(kilobytes: number): number {
  return kilobytes / 1000;
}
