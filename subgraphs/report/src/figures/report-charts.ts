import type { ChartSpec } from './chart.ts';
import { chartOf } from './chart.ts';
import type { Cells } from './column.ts';
import type { DimensionKey } from './dimension.ts';
import { dimensionOf } from './dimension.ts';
import type { ChartPlan, KindDefinition } from './kind.ts';
import type { Query } from './measure.ts';
import type { ReportQuestion } from './report-question.ts';
import type { Question, Reading } from './source.ts';
import { countable } from './sourced.ts';
import { tabulate } from './tabulate.ts';

/**
 * The charts of a report. No chart is better than one without a figure in it; where a partner is the
 * subject there are none by what partners may not group by.
 */
export async function reportCharts(
  query: Query,
  { kind, scope, period }: ReportQuestion,
  reading: Reading,
): Promise<ChartSpec[]> {
  const charts: ChartSpec[] = [];
  const mayShow = (by: DimensionKey) => scope.narrow.by !== 'partner' || isForPartners(kind, by);
  for (const plan of kind.charts.filter(({ by }) => mayShow(by))) {
    const question: Question = { scope, dimensions: [plan.by], reading };
    const figures = countable(plan.figures, question);
    if (figures.length === 0) continue;
    const rankBy = rankOf(plan, figures[0]);
    const { limit } = plan;
    const { statement } = tabulate({
      ...question,
      period,
      figures,
      minimumStops: 0,
      rankBy,
      limit,
    });
    charts.push(chartOf({ ...plan, figures }, (await query(statement)) as readonly Cells[]));
  }
  return charts;
}

function isForPartners({ groupings }: KindDefinition, by: DimensionKey): boolean {
  return Object.values(groupings).some(
    (grouping) => grouping.forPartners && grouping.rows === 'groups' && grouping.by.includes(by),
  );
}

function rankOf<F>({ by }: ChartPlan, first: F): F | undefined {
  return dimensionOf(by).type === 'date' ? undefined : first;
}
