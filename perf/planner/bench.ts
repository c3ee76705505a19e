import type { BenchCase, Verdict } from './bench-case.ts';
import { readBestKnown } from './instances/best-known.ts';
import { WrongOption, type Options } from './options.ts';
import { runSearch } from './run/run-search.ts';
import { standardCases } from './standard-cases.ts';

export async function bench(options: Options): Promise<void> {
  const cases = casesOf(options);
  console.log('instance class algorithm seconds seed iterations vehicles value gap');
  for (const benchCase of cases) {
    for (const seconds of options.seconds) {
      for (const seed of options.seeds) {
        for (const algorithm of options.algorithms) {
          const { problem } = benchCase;
          const run = await runSearch({ problem, algorithm, seed, seconds });
          const verdict = benchCase.judge(run.routes);
          console.log(
            [
              benchCase.name.padEnd(14),
              benchCase.class.padEnd(14),
              algorithm,
              `${seconds}`,
              `${seed}`,
              `${run.iterations}`.padStart(8),
              `${verdict.vehicles}`.padStart(3),
              verdict.value.toFixed(1).padStart(9),
              gapText(benchCase, verdict),
            ].join(' '),
          );
        }
      }
    }
  }
}

function casesOf({ instances, bestKnown, convention, only }: Options): BenchCase[] {
  if (instances === null) throw new WrongOption('--instances DIR is needed');
  const values = bestKnown === null ? () => null : readBestKnown(bestKnown);
  const cases = standardCases(instances, values, { convention });
  return cases.filter((item) => only === null || only.test(`${item.class} ${item.name}`));
}

function gapText({ reference }: BenchCase, verdict: Verdict): string {
  if (verdict.violations.length > 0) return `INVALID: ${verdict.violations[0]}`;
  if (reference === null) return '';
  const gap = 100 * (verdict.value / reference.value - 1);
  const more = reference.vehicles === null ? 0 : verdict.vehicles - reference.vehicles;
  const vehicles = more === 0 ? '' : ` (${more > 0 ? '+' : ''}${more} vehicles)`;
  return `${gap.toFixed(2).padStart(6)} %${vehicles}`;
}
