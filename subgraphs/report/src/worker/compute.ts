import { chartOf } from '../figures/chart.ts';
import type { ChartSpec } from '../figures/chart.ts';
import type { Cells } from '../figures/column.ts';
import { dimensionOf } from '../figures/dimension.ts';
import { kindOf } from '../figures/kind.ts';
import type { ChartPlan } from '../figures/kind.ts';
import type { KpiValue } from '../figures/kpi-value.ts';
import { measure } from '../figures/measure.ts';
import type { ReportParameters } from '../figures/parameters.ts';
import type { Period } from '../figures/period.ts';
import { comparedPeriod } from '../figures/period.ts';
import { countable, reportTable } from '../figures/report-table.ts';
import type { Scope } from '../figures/scope.ts';
import type { Table } from '../figures/tabulate.ts';
import { tabulate } from '../figures/tabulate.ts';
import type { Report } from '../storage/report-entity.ts';
import { sql } from '../storage/sql.ts';
import type { ProgressTeller } from './progress.ts';
import type { Reader } from './reader.ts';
import { ReportFailure } from './report-failure.ts';

const BATCH_ROWS = 1_000;

export type Computed = {
  readonly dataAsOf: Date;
  readonly columns: Table['columns'];
  readonly rowCount: number;
  readonly totals: readonly KpiValue[];
  readonly charts: readonly ChartSpec[];
  readonly subjectName: string;
  readonly currency: string;
};

/** Reads everything that a report says from one snapshot; rows go to `store` batch by batch. */
export async function computeReport(
  reader: Reader,
  report: Report,
  { maxRows, progress, store }: Sink,
): Promise<Computed> {
  const what = questionOf(report);
  const table = reportTable({ ...what, limit: maxRows + 1 });
  const rowCount = await readRows(reader, table, { maxRows, progress, store });
  await progress.enter('AGGREGATING');
  const { kind, scope, period, parameters } = what;
  const totals = await measure(reader.query, {
    scope,
    present: period,
    previous: comparedPeriod(period, parameters.compareTo),
    figures: countable(kind.totals, scope),
  });
  const charts: ChartSpec[] = [];
  for (const plan of kind.charts)
    charts.push(...(await drawChart(reader, plan, { scope, period })));
  const subject = await describeSubject(reader, report);
  const { dataAsOf } = reader;
  return { dataAsOf, columns: table.columns, rowCount, totals, charts, ...subject };
}

type Sink = {
  readonly maxRows: number;
  readonly progress: ProgressTeller;
  readonly store: (rows: readonly Cells[], ordinal: number) => Promise<void>;
};

function questionOf(report: Report) {
  const scope: Scope = {
    organizationId: report.organizationId,
    narrow:
      report.subjectType === 'organization'
        ? { by: 'organization' }
        : { by: report.subjectType, id: report.subjectId },
  };
  return {
    scope,
    kind: kindOf(report.kind),
    period: { from: report.periodFrom, to: report.periodTo } satisfies Period,
    // Checked against the schema of the kind when the report was requested.
    parameters: report.parameters as ReportParameters,
  };
}

async function readRows(reader: Reader, table: Table, sink: Sink): Promise<number> {
  let batch: Cells[] = [];
  let stored = 0;
  const flush = async () => {
    await sink.store(batch, stored);
    stored += batch.length;
    batch = [];
    await sink.progress.rows(stored, null);
  };
  for await (const row of reader.stream(table.statement)) {
    batch.push(row as Cells);
    if (stored + batch.length > sink.maxRows) throw tooLarge(sink.maxRows);
    if (batch.length === BATCH_ROWS) await flush();
  }
  if (batch.length > 0) await flush();
  return stored;
}

function tooLarge(maxRows: number): ReportFailure {
  return new ReportFailure(
    'TOO_LARGE',
    `The report has more than ${maxRows} rows; ask for a shorter period or larger groups`,
  );
}

/** No chart is better than one without a figure in it. */
async function drawChart(
  reader: Reader,
  plan: ChartPlan,
  { scope, period }: { scope: Scope; period: Period },
): Promise<ChartSpec[]> {
  const figures = countable(plan.figures, scope);
  if (figures.length === 0) return [];
  const { statement } = tabulate({
    scope,
    period,
    dimensions: [plan.by],
    figures,
    minimumStops: 0,
    rankBy: dimensionOf(plan.by).type === 'date' ? undefined : figures[0],
    limit: plan.limit,
  });
  return [chartOf({ ...plan, figures }, (await reader.query(statement)) as readonly Cells[])];
}

async function describeSubject(
  reader: Reader,
  { organizationId, subjectType, subjectId }: Report,
): Promise<{ subjectName: string; currency: string }> {
  const [row] = await reader.query(sql`select organization.currency,
      coalesce(partner.name, depot.name, organization.name) as name
    from fleet_published.organizations organization
    left join fleet_published.partners partner on ${subjectType} = 'partner'
      and partner.organization_id = organization.id and partner.id = ${subjectId}
    left join fleet_published.depots depot on ${subjectType} = 'depot'
      and depot.organization_id = organization.id and depot.id = ${subjectId}
    where organization.id = ${organizationId}`);
  const text = (value: unknown) => (typeof value === 'string' ? value : '');
  return { subjectName: text(row?.['name']), currency: text(row?.['currency']) };
}
