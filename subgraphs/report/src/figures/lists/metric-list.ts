import { outcomeOf } from '../../experiments/outcome.ts';
import type { SampleRow } from '../../experiments/read-samples.ts';
import { samplesOf, samplesStatement } from '../../experiments/read-samples.ts';
import type { Variant } from '../../experiments/metric.ts';
import { raw, sql } from '../../storage/sql.ts';
import type { Cells, ReportColumn } from '../column.ts';
import type { ListRequest } from '../kind.ts';
import type { Table } from '../tabulate.ts';

/**
 * One row per metric and variant of an experiment, compared with the control as `Experiment.outcome`
 * compares them, but over the depot-days of the report only.
 */
export function metricList({ scope, period, limit }: ListRequest): Table {
  const { organizationId, narrow, experimentId } = scope;
  if (experimentId === undefined) throw new TypeError('Metrics need an experiment');
  const ofDepot = narrow.by === 'depot' ? sql`and o.depot_id = ${narrow.id}` : raw('');
  const within = sql`and o.service_date >= ${period.from}::date
    and o.service_date <= ${period.to}::date ${ofDepot}`;
  return {
    columns,
    statement: sql`select sample.*, experiment.variants
      from (${samplesStatement(organizationId, [experimentId], within)}) sample
      join route_published.experiments experiment on experiment.id = sample."experimentId"
        and experiment.organization_id = ${organizationId}
      limit ${limit}`,
    conclude: (rows) => cellsOf(rows as readonly Row[]),
  };
}

type Row = SampleRow & { readonly variants: readonly Variant[] };

const columns: readonly ReportColumn[] = [
  { key: 'metric', title: 'Metric', unit: null },
  { key: 'unit', title: 'Unit', unit: null },
  { key: 'variant', title: 'Variant', unit: null },
  { key: 'depotDays', title: 'Depot-days', unit: 'COUNT' },
  { key: 'mean', title: 'Mean', unit: null },
  { key: 'difference', title: 'Difference to control', unit: null },
  { key: 'lowest', title: 'At least (95 %)', unit: null },
  { key: 'highest', title: 'At most (95 %)', unit: null },
  { key: 'pValue', title: 'p', unit: null },
  { key: 'verdict', title: 'Verdict on the experiment', unit: null },
];

function cellsOf(rows: readonly Row[]): Cells[] {
  const samples = samplesOf(rows);
  if (samples === null) return [];
  const { metrics, verdict } = outcomeOf(samples, rows[0]?.variants ?? []);
  return metrics.map((metric) => ({
    metric: metric.title,
    unit: metric.unit,
    variant: metric.variantKey,
    depotDays: metric.n,
    mean: rounded(metric.mean),
    difference: rounded(metric.deltaVsControl),
    lowest: rounded(metric.ciLow),
    highest: rounded(metric.ciHigh),
    pValue: rounded(metric.pValue),
    verdict,
  }));
}

/** Columns of several units are written as they are: more digits would only look exact. */
function rounded(value: number | null | undefined): number | null {
  return value === null || value === undefined ? null : Number(value.toPrecision(5));
}
