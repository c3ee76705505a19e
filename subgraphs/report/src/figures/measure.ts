import type { Sql } from '../storage/sql.ts';
import { join, raw, sql } from '../storage/sql.ts';
import type { FigureKey } from './catalogue.ts';
import type { Aggregates, KpiValue } from './kpi-value.ts';
import { kpiColumns, kpiValue } from './kpi-value.ts';
import type { Period } from './period.ts';
import type { Scope } from './scope.ts';
import type { Days, Question, Reading } from './source.ts';
import { aggregateOf, rowsWithin } from './source.ts';
import { countable, measuresBySource, measuresOfAll } from './sourced.ts';

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
  const days = { from: raw('period.day_from'), to: raw('period.day_to') };
  return sql`with period (which, day_from, day_to) as (values ${join(periods, ', ')})
    select ${raw(['which', ...shown.map(kpiColumns)].join(', '))}
    from period ${sumsBeside(shown, question, { days })}`;
}

function periodRow(which: string, { from, to }: Period): Sql {
  return sql`(${which}::text, ${from}::date, ${to}::date)`;
}

/** Joins the measures of figures to each row of what is asked, one lateral query per source. */
export function sumsBeside(
  figures: readonly FigureKey[],
  question: Question,
  asked: { readonly days: Days; readonly subject?: Sql },
): Sql {
  const sums = [...measuresBySource(measuresOfAll(figures), question)].map(([source, keys]) => {
    const columns = keys.map((key) => aggregateOf(source, key)).join(', ');
    return sql`cross join lateral (select ${raw(columns)}
      ${rowsWithin(source, { ...question, ...asked })}) ${raw(source.name)}`;
  });
  return join(sums, ' ');
}
