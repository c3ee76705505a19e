import type { KpiUnit } from '../resolvers/schema-types.ts';
import type { FigureKey } from './catalogue.ts';
import { figureOf } from './catalogue.ts';
import { cellsOf } from './figure.ts';

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

/** A row with the cells of figures. */
export type Aggregates = Readonly<Record<string, unknown>>;

/** The select list of a figure: its value and its parts. */
export function kpiColumns(key: FigureKey): string {
  const { value, numerator, denominator } = cellsOf(figureOf(key));
  return `(${value})::float8 as "${key}", (${numerator})::float8 as "${key}_n",
    (${denominator})::float8 as "${key}_d"`;
}

/**
 * Reads a figure out of the row of the present and, if there is one, that of the previous period.
 * A figure that cannot be counted has no columns, and is null.
 */
export function kpiValue(key: FigureKey, present: Aggregates, previous?: Aggregates): KpiValue {
  const { unit, definition } = figureOf(key);
  return {
    key,
    unit,
    definition,
    value: cell(present, key),
    numerator: cell(present, `${key}_n`),
    denominator: cell(present, `${key}_d`),
    previous: previous === undefined ? null : cell(previous, key),
  };
}

function cell(row: Aggregates, column: string): number | null {
  const value = row[column];
  return typeof value === 'number' ? value : null;
}
