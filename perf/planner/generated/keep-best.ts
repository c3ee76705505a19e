import { writeFileSync } from 'node:fs';
import { CONVENTIONS, usualConvention } from '../convention.ts';
import { BEST_KNOWN_COLUMNS, OBJECTIVE_NAMES, readBestKnown } from '../instances/best-known.ts';
import type { RunResult } from '../report/run-result.ts';
import { BEST_FOUND_FILE, generatedInstances } from './generated-cases.ts';

/** Writes each value that is better than the one in the repository's file into it. */
export function keepBest(results: readonly RunResult[]): void {
  const kept = readBestKnown(BEST_FOUND_FILE);
  const rows = [...generatedInstances()].flatMap(([{ name, format }, className]) => {
    const convention = usualConvention(format);
    const { vehiclesFirst } = CONVENTIONS[convention];
    const found = results
      .filter((run) => run.instance === name && run.violations.length === 0)
      .map(({ vehicles, value }) => ({
        vehicles: vehiclesFirst ? vehicles : null,
        distance: value,
      }));
    const [best] = [...found, kept(name, convention)]
      .filter((candidate) => candidate !== null)
      .sort((a, b) => (a.vehicles ?? 0) - (b.vehicles ?? 0) || a.distance - b.distance);
    if (best === undefined) return [];
    const distance = Number(best.distance.toFixed(4));
    return [
      [name, className, best.vehicles ?? '', distance, OBJECTIVE_NAMES[convention]].join(','),
    ];
  });
  writeFileSync(BEST_FOUND_FILE, `${[BEST_KNOWN_COLUMNS.join(','), ...rows].join('\n')}\n`);
}
