import type { Sql } from '../storage/sql.ts';
import { join, raw, sql } from '../storage/sql.ts';
import type { FigureKey } from './catalogue.ts';
import type { Aggregates, KpiValue } from './kpi-value.ts';
import { kpiColumns, kpiValue } from './kpi-value.ts';
import type { Period } from './period.ts';
import type { Scope } from './scope.ts';
import type { Question, Reading, Source } from './source.ts';
import { aggregateOf, rowsWithin } from './source.ts';
import { countable, measuresBySource, measuresOfAll } from './sourced.ts';
import type { MeasureKey } from './unrolled-measures.ts';

export type Query = (statement: Sql) => Promise<readonly Record<string, unknown>[]>;

export type Measurement = {
  readonly scope: Scope;
  readonly present: Period;
  readonly previous: Period | null;
  readonly figures: readonly FigureKey[];
  readonly reading: Reading;
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

/** One row per period with the value and the parts of every figure. */
export function measureStatement({ scope, present, previous, figures, reading }: Measurement): Sql {
  const periods = [periodRow('present', present)];
  if (previous !== null) periods.push(periodRow('previous', previous));
  const question: Question = { scope, dimensions: [], reading };
  const shown = countable(figures, question);
  const sums = [...measuresBySource(measuresOfAll(shown), question)].map(([source, keys]) =>
    sumsOf(source, keys, question),
  );
  return sql`with period (which, day_from, day_to) as (values ${join(periods, ', ')})
    select ${raw(['which', ...shown.map(kpiColumns)].join(', '))} from period ${join(sums, ' ')}`;
}

function periodRow(which: string, { from, to }: Period): Sql {
  return sql`(${which}::text, ${from}::date, ${to}::date)`;
}

function sumsOf(source: Source, keys: readonly MeasureKey[], question: Question): Sql {
  const days = { from: raw('period.day_from'), to: raw('period.day_to') };
  const columns = keys.map((key) => aggregateOf(source, key)).join(', ');
  return sql`cross join lateral (select ${raw(columns)}
    ${rowsWithin(source, { ...question, days })}) ${raw(source.name)}`;
}
