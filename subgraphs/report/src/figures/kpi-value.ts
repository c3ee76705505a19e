import type { FigureKey } from './catalogue.ts';
import { figureOf } from './catalogue.ts';
import type { Figure } from './figure.ts';
import type { KpiUnit } from '../resolvers/schema-types.ts';

/** A figure with its parts, as clients get it and as a report's totals keep it. */
export type KpiValue = {
  key: string;
  value: number | null;
  unit: KpiUnit;
  numerator: number | null;
  denominator: number | null;
  previous: number | null;
  definition: string;
};

/** A row of aggregates whose columns are named by `partColumn`. */
export type Aggregates = Readonly<Record<string, unknown>>;

/** Name of the column that carries one part of a figure. */
export function partColumn(key: FigureKey, suffix: 'n' | 'd' | 'v'): string {
  return `${key}_${suffix}`;
}

/** Reads a figure out of the aggregates of the present and, if there is one, the previous period. */
export function kpiValue(key: FigureKey, present: Aggregates, previous?: Aggregates): KpiValue {
  const figure = figureOf(key);
  return {
    key,
    unit: figure.unit,
    definition: figure.definition,
    value: valueOf(figure, key, present),
    numerator: figure.shape === 'ratio' ? numeratorOf(key, present) : null,
    denominator: figure.shape === 'total' ? null : part(present, key, 'd'),
    previous: previous === undefined ? null : valueOf(figure, key, previous),
  };
}

function valueOf(figure: Figure, key: FigureKey, row: Aggregates): number | null {
  if (figure.shape === 'quantile') return part(row, key, 'v');
  if (figure.shape === 'total') return sum(row, key, 'v');
  const numerator = numeratorOf(key, row);
  const denominator = part(row, key, 'd');
  return numerator === null || denominator === null || denominator === 0
    ? null
    : numerator / denominator;
}

/** Both parts may come from facts of two kinds: without any route, a shift was used for nothing. */
function numeratorOf(key: FigureKey, row: Aggregates): number | null {
  return part(row, key, 'd') === null ? part(row, key, 'n') : sum(row, key, 'n');
}

/** In SQL the sum of nothing is null; to us it is 0, unless there are no facts to look at. */
function sum(row: Aggregates, key: FigureKey, suffix: 'n' | 'v'): number | null {
  return partColumn(key, suffix) in row ? (part(row, key, suffix) ?? 0) : null;
}

function part(row: Aggregates, key: FigureKey, suffix: 'n' | 'd' | 'v'): number | null {
  const value = row[partColumn(key, suffix)];
  return typeof value === 'number' ? value : null;
}
