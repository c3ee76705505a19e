import type { Sql } from '../storage/sql.ts';
import { join, raw, sql } from '../storage/sql.ts';
import type { DimensionKey } from './dimension.ts';
import type { Period } from './period.ts';
import type { Question, Source } from './source.ts';
import { aggregateOf, columnOf, isRowEach, rowsWithin } from './source.ts';
import { measuresBySource } from './sourced.ts';
import type { MeasureKey } from './unrolled-measures.ts';

export type Groups = Question & {
  readonly period: Period;
  readonly measures: Iterable<MeasureKey>;
};

/**
 * Measures by group: one `with` query per source, and the sources joined on the group. The joined
 * rows have a column for each dimension (`keyColumn`) and one for each measure, named as it is.
 */
export function grouped(what: Groups): { queries: Sql; joined: Sql } {
  const sums = [...measuresBySource(what.measures, what)];
  const keys = what.dimensions.map(keyColumn).join(', ');
  const joined = sums.map(([{ name }], index) =>
    index === 0 ? name : `full join ${name} using (${keys})`,
  );
  return {
    queries: join(
      sums.map(([source, measures]) => sumsOf(source, measures, what)),
      ', ',
    ),
    joined: raw(joined.join(' ')),
  };
}

/** The column that tells the groups of a dimension apart. */
export function keyColumn(key: DimensionKey): string {
  return `"${key}_key"`;
}

function sumsOf(source: Source, measures: readonly MeasureKey[], what: Groups): Sql {
  const { period, dimensions } = what;
  const days = { from: sql`${period.from}::date`, to: sql`${period.to}::date` };
  const keys = dimensions.map((key) => `${source.columns[key]} as ${keyColumn(key)}`);
  const isGrouped = isRowEach(source, dimensions);
  const values = measures.map((key) => (isGrouped ? columnOf(key) : aggregateOf(source, key)));
  const places = dimensions.map((_, index) => index + 1).join(', ');
  return sql`${raw(source.name)} as (select ${raw([...keys, ...values].join(', '))}
    ${rowsWithin(source, { ...what, days })}${raw(isGrouped ? '' : ` group by ${places}`)})`;
}
