import { CONVENTIONS, type Convention } from '../convention.ts';
import { BrokenFile } from './broken-file.ts';
import { shortened } from './numbered-lines.ts';
import { textOf } from './read-instance.ts';

/** What others have found, in the convention's own unit of distance. */
export type BestKnown = {
  /** null: not stated, and not compared. */
  readonly vehicles: number | null;
  readonly distance: number;
};

/** Looks up the value of an instance, whatever the case of its name. */
export type BestKnownValues = (instance: string, convention: Convention) => BestKnown | null;

export const BEST_KNOWN_COLUMNS = ['instance', 'family', 'vehicles', 'distance', 'objective'];
/** What the column `objective` calls a convention. */
export const OBJECTIVE_NAMES: Readonly<Record<Convention, string>> = {
  DIMACS: 'DIMACS',
  SINTEF: 'SINTEF hierarchical',
  CVRPLIB: 'CVRPLIB',
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
  return (instance, convention) => values.get(keyOf(instance, convention)) ?? null;
}

function entryOf(file: string, number: number, line: string): [string, BestKnown] {
  const [instance = '', , vehicles = '', distance = '', objective = ''] = line.trim().split(',');
  const convention = conventionNamed(objective);
  const best = {
    vehicles: vehicles === '' ? null : Number(vehicles),
    distance: Number(distance),
  };
  const isSound =
    instance !== '' &&
    convention !== undefined &&
    best.distance > 0 &&
    (best.vehicles === null || Number.isSafeInteger(best.vehicles));
  if (isSound) return [keyOf(instance, convention), best];
  const objectives = Object.values(OBJECTIVE_NAMES).join(', ');
  throw new BrokenFile(
    file,
    number,
    `expected ${BEST_KNOWN_COLUMNS.join(',')} with one of ${objectives}, got "${shortened(line)}"`,
  );
}

function conventionNamed(objective: string): Convention | undefined {
  return Object.values(CONVENTIONS).find(({ name }) => OBJECTIVE_NAMES[name] === objective)?.name;
}

function keyOf(instance: string, convention: Convention): string {
  return `${convention} ${instance.toLowerCase()}`;
}
