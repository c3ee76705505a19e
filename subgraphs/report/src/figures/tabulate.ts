import type { Sql } from '../storage/sql.ts';
import { join, raw, sql } from '../storage/sql.ts';
import type { FigureKey } from './catalogue.ts';
import { factsOf, figureOf } from './catalogue.ts';
import type { ReportColumn } from './column.ts';
import type { DimensionKey } from './dimension.ts';
import { dimensionOf } from './dimension.ts';
import { factsWithin } from './facts.ts';
import type { Facts } from './figure.ts';
import { partsOf } from './figure.ts';
import { partColumn } from './kpi-value.ts';
import { aggregates } from './measure.ts';
import type { Period } from './period.ts';
import type { Scope } from './scope.ts';

export type Tabulation = {
  readonly scope: Scope;
  readonly period: Period;
  readonly dimensions: readonly DimensionKey[];
  readonly figures: readonly FigureKey[];
  readonly minimumStops: number;
  /** Groups with the most of it come first, and the others are cut off by the limit. */
  readonly rankBy?: FigureKey | undefined;
  readonly limit: number;
};

/** A statement whose rows are a report's rows: one cell per column, in their order. */
export type Table = { readonly columns: readonly ReportColumn[]; readonly statement: Sql };

/** Figures by group, each kind of facts aggregated once and joined on the group, by one statement. */
export function tabulate(what: Tabulation): Table {
  const shown = what.figures.filter((key) => isCountable(key, what));
  const counted: readonly FigureKey[] = [...new Set<FigureKey>([...shown, 'stops'])];
  const sources = [...factsOf(counted)].filter((facts) => isSource(facts, what));
  return {
    columns: columnsOf(what, shown),
    statement: statementOf(what, { shown, counted, sources }),
  };
}

function statementOf(
  what: Tabulation,
  {
    shown,
    counted,
    sources,
  }: Record<'shown' | 'counted', readonly FigureKey[]> & { sources: Facts[] },
): Sql {
  const keys = what.dimensions.map(keyColumn).join(', ');
  const cells = [...what.dimensions.map(nameOf), ...shown.map(cellOf)];
  const names = what.dimensions.map((key) => nameJoin(key, what.scope));
  const joined = sources.map((facts, index) =>
    index === 0 ? facts : `full join ${facts} using (${keys})`,
  );
  return sql`with ${join(
    sources.map((facts) => groupsOf(facts, what, counted)),
    ', ',
  )}
    select ${raw(cells.join(', '))} from ${raw(joined.join(' '))} ${join(names, ' ')}
    where coalesce("stops_v", 0) >= ${what.minimumStops}
    order by ${raw(orderOf(what))}
    limit ${what.limit}`;
}

function orderOf({ dimensions, rankBy }: Tabulation): string {
  const byName = dimensions.map((key) => `"${key}", ${keyColumn(key)}`).join(', ');
  return rankBy === undefined ? byName : `"${rankBy}" desc nulls last, ${byName}`;
}

function groupsOf(
  facts: Facts,
  { scope, period, dimensions }: Tabulation,
  counted: readonly FigureKey[],
): Sql {
  const days = { from: sql`${period.from}::date`, to: sql`${period.to}::date` };
  const within = factsWithin(facts, scope, days);
  if (within === null) throw new TypeError(`${facts} cannot be counted for this scope`);
  const keys = dimensions.map((key) => `${dimensionOf(key).keys[facts]} as ${keyColumn(key)}`);
  const groups = dimensions.map((_, index) => index + 1);
  return sql`${raw(facts)} as (select ${raw(keys.join(', '))}, ${aggregates(facts, counted)}
    ${within} group by ${raw(groups.join(', '))})`;
}

function columnsOf({ dimensions }: Tabulation, shown: readonly FigureKey[]): ReportColumn[] {
  return [
    ...dimensions.map((key) => ({ key, title: dimensionOf(key).title, unit: null })),
    ...shown.map((key) => ({ key, title: figureOf(key).title, unit: figureOf(key).unit })),
  ];
}

function isCountable(key: FigureKey, what: Tabulation): boolean {
  return partsOf(figureOf(key)).every(({ part }) => isSource(part.facts, what));
}

function isSource(facts: Facts, { scope, period, dimensions }: Tabulation): boolean {
  const days = { from: raw(period.from), to: raw(period.to) };
  return (
    dimensions.every((key) => dimensionOf(key).keys[facts] !== undefined) &&
    factsWithin(facts, scope, days) !== null
  );
}

function keyColumn(key: DimensionKey): string {
  return `"${key}_key"`;
}

function nameOf(key: DimensionKey): string {
  const { name } = dimensionOf(key);
  const column = name === undefined ? `${keyColumn(key)}::text` : `${key}_names."${name.column}"`;
  return `${column} as "${key}"`;
}

function nameJoin(key: DimensionKey, { organizationId }: Scope): Sql {
  const { name } = dimensionOf(key);
  if (name === undefined) return raw('');
  const names = `${key}_names`;
  return sql`left join ${raw(name.view)} ${raw(names)} on ${raw(names)}.id = ${raw(keyColumn(key))}
    and ${raw(names)}.organization_id = ${organizationId}`;
}

function cellOf(key: FigureKey): string {
  const column = (suffix: 'n' | 'd' | 'v') => `"${partColumn(key, suffix)}"`;
  switch (figureOf(key).shape) {
    case 'ratio':
      // Facts of two kinds meet here: a shift without any route is a part of nothing, not unknown.
      return `coalesce(${column('n')}, 0) / nullif(${column('d')}, 0) as "${key}"`;
    case 'total':
      return `coalesce(${column('v')}, 0) as "${key}"`;
    case 'quantile':
      return `${column('v')} as "${key}"`;
  }
}
