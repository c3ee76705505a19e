import type { Sql } from '../storage/sql.ts';
import { join, raw, sql } from '../storage/sql.ts';
import type { FigureKey } from './catalogue.ts';
import { factsOf, figureOf } from './catalogue.ts';
import { factsWithin } from './facts.ts';
import type { Facts } from './figure.ts';
import { partsOf } from './figure.ts';
import type { Aggregates, KpiValue } from './kpi-value.ts';
import { kpiValue, partColumn } from './kpi-value.ts';
import type { Period } from './period.ts';
import type { Scope } from './scope.ts';

export type Query = (statement: Sql) => Promise<readonly Record<string, unknown>[]>;

export type Measurement = {
  readonly scope: Scope;
  readonly present: Period;
  readonly previous: Period | null;
  readonly figures: readonly FigureKey[];
};

/**
 * The figures of a scope over both periods, by one statement. Dashboards and the totals of reports
 * come from here and from nowhere else. A figure whose facts say nothing about the scope is null.
 */
export async function measure(query: Query, what: Measurement): Promise<KpiValue[]> {
  const rows = await query(measureStatement(what));
  const present = rows.find(({ which }) => which === 'present') ?? {};
  const previous: Aggregates | undefined = rows.find(({ which }) => which === 'previous');
  return what.figures.map((key) => kpiValue(key, present, previous));
}

/** One row per period with the parts of every figure. */
export function measureStatement({ scope, present, previous, figures }: Measurement): Sql {
  const periods = [periodRow('present', present)];
  if (previous !== null) periods.push(periodRow('previous', previous));
  const sources = [...factsOf(figures)].flatMap((facts) => source(facts, scope, figures) ?? []);
  return sql`with period (which, day_from, day_to) as (values ${join(periods, ', ')})
    select * from period ${join(sources, ' ')}`;
}

/** The aggregates of one kind of facts, as a select list. */
export function aggregates(facts: Facts, figures: readonly FigureKey[]): Sql {
  const columns = figures.flatMap((key) =>
    partsOf(figureOf(key))
      .filter(({ part }) => part.facts === facts)
      .map(({ suffix, part }) => `(${part.sql})::float8 as "${partColumn(key, suffix)}"`),
  );
  return raw(columns.join(', '));
}

function periodRow(which: string, { from, to }: Period): Sql {
  return sql`(${which}::text, ${from}::date, ${to}::date)`;
}

function source(facts: Facts, scope: Scope, figures: readonly FigureKey[]): Sql | null {
  const days = { from: raw('period.day_from'), to: raw('period.day_to') };
  const within = factsWithin(facts, scope, days);
  if (within === null) return null;
  return sql`cross join lateral (select ${aggregates(facts, figures)} ${within}) ${raw(facts)}`;
}
