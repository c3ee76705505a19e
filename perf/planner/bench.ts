import { accessSync, constants, mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import type { BenchCase } from './bench-case.ts';
import { keepBest } from './generated/keep-best.ts';
import { generatedCases } from './generated/generated-cases.ts';
import { readBestKnown } from './instances/best-known.ts';
import { WrongOption, type Options } from './options.ts';
import { summarizeClasses } from './report/class-summary.ts';
import { gapChart } from './report/gap-chart.ts';
import { comparePairs } from './report/paired-comparison.ts';
import { progress } from './report/progress.ts';
import type { RunResult } from './report/run-result.ts';
import { standardCases } from './standard-cases.ts';
import { comparisonTable, gapTable, speedTable } from './report/tables.ts';
import { BUDGET_SECONDS, measureSpeed, speedResultTable } from './speed/speed.ts';
import { runAll, type RunPlan } from './run/run-all.ts';

/** Runs what the options ask for, prints the tables and writes them as JSON and SVG. */
export async function bench(options: Options): Promise<void> {
  const plan = { ...options, cases: casesOf(options) };
  makeFolder(options.out);
  const results = await runWithProgress(plan);
  report(results, options);
  if (options.instances === null && options.only === null) await reportSpeed(options);
  if (options.keepBest) keepBest(results);
}

function casesOf({ instances, bestKnown, convention, only }: Options): BenchCase[] {
  const all =
    instances === null
      ? generatedCases()
      : standardCases(instances, bestKnown === null ? () => null : readBestKnown(bestKnown), {
          convention,
        });
  const cases = all.filter((item) => only === null || only.test(`${item.class} ${item.name}`));
  if (cases.length > 0) return cases;
  throw new WrongOption(`--only: none of the ${all.length} instances matches ${String(only)}`);
}

async function runWithProgress(plan: RunPlan): Promise<RunResult[]> {
  const { cases, algorithms, seeds, seconds, jobs } = plan;
  const runsPerBudget = cases.length * algorithms.length * seeds.length;
  const { tell, end } = progress(
    {
      runs: runsPerBudget * seconds.length,
      cpuSeconds: runsPerBudget * seconds.reduce((sum, budget) => sum + budget, 0),
    },
    process.stdout,
  );
  console.log(
    `${cases.length} instances, ${algorithms.join(' and ')}, ${seconds.join(', ')} CPU seconds, ${seeds.length} seeds, ${jobs} at a time\n`,
  );
  const interrupted = new AbortController();
  process.once('SIGINT', () => {
    console.log('\nThe tables follow when the present run has ended; ^C again ends at once.');
    interrupted.abort();
  });
  const results = await runAll(plan, { tell, signal: interrupted.signal });
  end();
  return results;
}

function report(results: readonly RunResult[], { out }: Options): void {
  const classes = summarizeClasses(results);
  const comparisons = comparePairs(results);
  console.log(`\nGap to the reference, mean and 95 % confidence\n\n${gapTable(classes)}`);
  console.log(`\nSpeed with the largest budget\n\n${speedTable(classes)}`);
  if (comparisons.length > 0) {
    console.log(
      `\nThe same instances and seeds, gap of A minus gap of B\n\n${comparisonTable(comparisons)}`,
    );
  }
  const json = { machine: machine(), classes, comparisons, results };
  write(out, 'results.json', `${JSON.stringify(json)}\n`);
  write(out, 'gap-against-time.svg', gapChart(classes, 'Gap to the reference against time'));
}

async function reportSpeed({ algorithms, out }: Options): Promise<void> {
  const results = await measureSpeed(algorithms);
  console.log(
    `\nLarge problems with ${BUDGET_SECONDS} CPU seconds, each in a new process\n\n${speedResultTable(results)}`,
  );
  write(out, 'speed.json', `${JSON.stringify({ machine: machine(), results }, null, 2)}\n`);
}

/** Before the first run: nobody wants to learn of a wrong path after an hour. */
function makeFolder(out: string): void {
  try {
    mkdirSync(out, { recursive: true });
    accessSync(out, constants.W_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new WrongOption(`--out: ${out} cannot be written to (${code})`, { cause: error });
  }
}

function write(out: string, name: string, text: string): void {
  const file = join(out, name);
  writeFileSync(file, text);
  console.log(`\n${file}`);
}

function machine() {
  return {
    at: new Date().toISOString(),
    node: process.version,
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
  };
}
