import type { Objective, Reference } from '../bench-case.ts';
import { BrokenFile } from './broken-file.ts';
import { shortened } from './numbered-lines.ts';
import { textOf } from './read-instance.ts';

/** Looks up the best value of an instance by an objective, whatever the case of its name. */
export type BestKnownValues = (instance: string, objective: Objective) => Reference | null;

export const BEST_KNOWN_COLUMNS = ['instance', 'family', 'vehicles', 'distance', 'objective'];
/** What the column `objective` says; by COST the column `distance` holds a cost. */
export const OBJECTIVE_NAMES: Readonly<Record<Objective, string>> = {
  DIMACS: 'DIMACS',
  SINTEF: 'SINTEF hierarchical',
  CVRPLIB: 'CVRPLIB',
  COST: 'COST',
};

/** Reads comma-separated values: instance, family, vehicles, distance, objective. Throws `BrokenFile`. */
export function readBestKnown(file: string): BestKnownValues {
  return parseBestKnown(file, textOf(file));
}

export function parseBestKnown(file: string, text: string): BestKnownValues {
  const [header = '', ...lines] = text.trimEnd().split(/\r?\n/);
  if (header.trim() !== BEST_KNOWN_COLUMNS.join(',')) {
    throw new BrokenFile(file, 1, `expected the columns ${BEST_KNOWN_COLUMNS.join(',')}`);
  }
  const values = new Map(lines.map((line, index) => entryOf(file, index + 2, line)));
  return (instance, objective) => values.get(keyOf(instance, OBJECTIVE_NAMES[objective])) ?? null;
}

function entryOf(file: string, number: number, line: string): [string, Reference] {
  const [instance = '', , vehicles = '', distance = '', objective = ''] = line.trim().split(',');
  const best = {
    vehicles: vehicles === '' ? null : Number(vehicles),
    value: Number(distance),
  };
  const objectives = Object.values(OBJECTIVE_NAMES);
  const isSound =
    instance !== '' &&
    objectives.includes(objective) &&
    best.value > 0 &&
    (best.vehicles === null || Number.isSafeInteger(best.vehicles));
  if (isSound) return [keyOf(instance, objective), best];
  throw new BrokenFile(
    file,
    number,
    `expected ${BEST_KNOWN_COLUMNS.join(',')} with one of ${objectives.join(', ')}, got "${shortened(line)}"`,
  );
}

function keyOf(instance: string, objectiveName: string): string {
  return `${objectiveName} ${instance.toLowerCase()}`;
}
