import { writeFileSync } from 'node:fs';
import type { BenchCase, Reference } from '../bench-case.ts';
import { BEST_KNOWN_COLUMNS, OBJECTIVE_NAMES } from '../instances/best-known.ts';
import type { RunResult } from '../report/run-result.ts';
import { BEST_FOUND_FILE, generatedCases } from './generated-cases.ts';

/** Writes each value that is better than the one in the repository's file into it. */
export function keepBest(results: readonly RunResult[]): void {
  const rows = generatedCases().flatMap((benchCase) => {
    const best = bestOf(benchCase, results);
    return best === null ? [] : [rowOf(benchCase, best)];
  });
  writeFileSync(BEST_FOUND_FILE, `${[BEST_KNOWN_COLUMNS.join(','), ...rows].join('\n')}\n`);
}

function bestOf(
  { name, objective, reference }: BenchCase,
  results: readonly RunResult[],
): Reference | null {
  const found = results
    .filter((run) => run.instance === name && run.violations.length === 0)
    .map(({ vehicles, value }) => ({
      vehicles: objective === 'SINTEF' ? vehicles : null,
      value: Number(value.toFixed(4)),
    }));
  const [best = null] = [...found, reference]
    .filter((candidate) => candidate !== null)
    .sort((a, b) => (a.vehicles ?? 0) - (b.vehicles ?? 0) || a.value - b.value);
  return best;
}

function rowOf(benchCase: BenchCase, { vehicles, value }: Reference): string {
  const { name, objective } = benchCase;
  return [name, benchCase.class, vehicles ?? '', value, OBJECTIVE_NAMES[objective]].join(',');
}
