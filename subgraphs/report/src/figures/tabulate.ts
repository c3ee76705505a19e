import type { Sql } from '../storage/sql.ts';
import { join, raw, sql } from '../storage/sql.ts';
import type { FigureKey } from './catalogue.ts';
import { figureOf } from './catalogue.ts';
import type { Cells, ReportColumn } from './column.ts';
import type { DimensionKey } from './dimension.ts';
import { dimensionOf } from './dimension.ts';
import { cellsOf } from './figure.ts';
import { grouped, keyColumn } from './grouped.ts';
import type { Period } from './period.ts';
import type { Scope } from './scope.ts';
import type { Question } from './source.ts';
import { countable, measuresOfAll } from './sourced.ts';

export type Tabulation = Question & {
  readonly period: Period;
  readonly figures: readonly FigureKey[];
  readonly minimumStops: number;
  /** Groups with the most of it come first, and the others are cut off by the limit. */
  readonly rankBy?: FigureKey | undefined;
  readonly limit: number;
};

/** A statement whose rows are a report's rows: one cell per column, in their order. */
export type Table = {
  readonly columns: readonly ReportColumn[];
  readonly statement: Sql;
  /** Makes the report's rows out of all rows of the statement, few of them, where one alone says nothing. */
  readonly conclude?: (rows: readonly Record<string, unknown>[]) => readonly Cells[];
};

/** Figures by group, by one statement. Figures that cannot be counted for it have no column. */
export function tabulate(what: Tabulation): Table {
  const shown = countable(what.figures, what);
  return { columns: columnsOf(what, shown), statement: statementOf(what, shown) };
}

function statementOf(what: Tabulation, shown: readonly FigureKey[]): Sql {
  const { dimensions, minimumStops, scope, limit } = what;
  const sifted = minimumStops > 0 && countable(['stops'], what).length > 0;
  const measures = measuresOfAll(sifted ? [...shown, 'stops'] : shown);
  const { queries, joined } = grouped({ ...what, measures });
  const cells = [...dimensions.map(nameOf), ...shown.map(cellOf)];
  const names = dimensions.map((key) => nameJoin(key, scope));
  const enough = sifted ? sql`where coalesce("stops", 0) >= ${minimumStops}` : raw('');
  return sql`with ${queries}
    select ${raw(cells.join(', '))} from ${joined} ${join(names, ' ')} ${enough}
    order by ${raw(orderOf(what))}
    limit ${limit}`;
}

function orderOf({ dimensions, rankBy }: Tabulation): string {
  const byName = dimensions.map((key) => `"${key}", ${keyColumn(key)}`).join(', ');
  return rankBy === undefined ? byName : `"${rankBy}" desc nulls last, ${byName}`;
}

function columnsOf({ dimensions }: Tabulation, shown: readonly FigureKey[]): ReportColumn[] {
  return [
    ...dimensions.map(groupColumn),
    ...shown.map((key) => ({ key, title: figureOf(key).title, unit: figureOf(key).unit })),
  ];
}

function groupColumn(key: DimensionKey): ReportColumn {
  const { title, type } = dimensionOf(key);
  return { key, title, unit: null, ...(type === 'date' ? { type: 'DAY' } : {}) };
}

function nameOf(key: DimensionKey): string {
  const { name } = dimensionOf(key);
  const column = name === undefined ? `${keyColumn(key)}::text` : `${key}_names."${name.column}"`;
  return `${column} as "${key}"`;
}

/** Joins the names of a dimension's groups, where they have any. */
export function nameJoin(key: DimensionKey, { organizationId }: Scope): Sql {
  const { name } = dimensionOf(key);
  if (name === undefined) return raw('');
  const names = `${key}_names`;
  return sql`left join ${raw(name.view)} ${raw(names)} on ${raw(names)}.id = ${raw(keyColumn(key))}
    and ${raw(names)}.organization_id = ${organizationId}`;
}

function cellOf(key: FigureKey): string {
  return `(${cellsOf(figureOf(key)).value})::float8 as "${key}"`;
}
