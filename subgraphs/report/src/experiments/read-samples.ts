import { figureOf } from '../figures/catalogue.ts';
import { cellsOf } from '../figures/figure.ts';
import type { Query } from '../figures/measure.ts';
import { measuresOfAll } from '../figures/sourced.ts';
import { measureOf } from '../figures/unrolled-measures.ts';
import type { MeasureKey } from '../figures/unrolled-measures.ts';
import type { Sql } from '../storage/sql.ts';
import { join, raw, sql } from '../storage/sql.ts';
import { metrics } from './metric.ts';
import type { Samples, Spread } from './sample.ts';

/** What the depot-days of each experiment come to, by one statement. Null where there are none. */
export async function readSamples(
  query: Query,
  organizationId: string,
  experimentIds: readonly string[],
): Promise<(Samples | null)[]> {
  const rows = (await query(
    samplesStatement(organizationId, experimentIds),
  )) as readonly SampleRow[];
  const byExperiment = Map.groupBy(rows, ({ experimentId }) => experimentId);
  return experimentIds.map((id) => samplesOf(byExperiment.get(id) ?? []));
}

/** The depot-days of a variant by one metric, as the statement yields them. */
export type SampleRow = {
  readonly experimentId: string;
  readonly figure: string;
  readonly variantKey: string;
  readonly computedMs: number;
  readonly pairs: Spread['n'];
  readonly pairMean: number | null;
  readonly pairVariance: number | null;
} & Spread;

/** The samples of one experiment. */
export function samplesOf(rows: readonly SampleRow[]): Samples | null {
  const [first] = rows;
  if (first === undefined) return null;
  return {
    computedAt: new Date(first.computedMs),
    samples: rows.map((row) => {
      const { figure, variantKey, n, mean, variance, pairs, pairMean, pairVariance } = row;
      const isPaired = pairMean !== null;
      return {
        figure,
        variantKey,
        days: { n, mean, variance },
        pairs: isPaired ? { n: pairs, mean: pairMean, variance: pairVariance } : null,
      };
    }),
  };
}

const measures = [...measuresOfAll(metrics.map(({ figure }) => figure))];
const planned = measures.filter((key) => measureOf(key).facts === 'outcomes');
const driven = measures.filter((key) => measureOf(key).facts === 'stops');

/**
 * The value of each metric on each depot-day, then number, mean and variance by variant. A depot-day
 * that is wholly of one variant was driven as that variant planned it, so that the sums of the day are
 * the variant's; they count once the day is over in every time zone. `within` narrows the depot-days
 * (`o` is a row of route_published.experiment_outcomes).
 */
export function samplesStatement(
  organizationId: string,
  experimentIds: readonly string[],
  within: Sql = raw(''),
): Sql {
  const asked = experimentIds.map((id) => sql`(${id}::uuid)`);
  return sql`with asked (experiment_id) as (values ${join(asked, ', ')}),
    planned as (select o.experiment_id, o.variant_key, o.is_control, o.unit, o.depot_id,
        o.service_date, ${raw(planned.map(plannedColumn).join(', '))}
      from asked join route_published.experiment_outcomes o using (experiment_id)
      where o.organization_id = ${organizationId} and o.is_whole_day ${within}
      group by 1, 2, 3, 4, 5, 6),
    valued as (select experiment_id, variant_key, is_control, unit, depot_id, service_date,
        metric.figure, metric.value
      from planned left join lateral (select ${raw(driven.map(drivenColumn).join(', '))} from report.depot_days d
        where planned.unit = 'DEPOT_DAY' and d.organization_id = ${organizationId}
        and d.service_date = planned.service_date and d.depot_id = planned.depot_id
        and d.service_date < (now() - interval '12 hours')::date) driven on true
      cross join lateral (values ${raw(metrics.map(metricRow).join(', '))}) metric (figure, value)
      where metric.value is not null)
    select v.experiment_id as "experimentId", v.figure, v.variant_key as "variantKey",
      floor(extract(epoch from now()) * 1000)::float8 as "computedMs",
      count(*)::int as n, avg(v.value) as mean, var_samp(v.value) as variance,
      count(c.value)::int as pairs, avg(v.value - c.value) as "pairMean",
      var_samp(v.value - c.value) as "pairVariance"
    from valued v left join valued c on v.unit = 'SHADOW' and not v.is_control and c.is_control
      and c.experiment_id = v.experiment_id and c.figure = v.figure
      and c.depot_id = v.depot_id and c.service_date = v.service_date
    group by 1, 2, 3`;
}

function plannedColumn(key: MeasureKey): string {
  return `(${measureOf(key).sql})::float8 as "${key}"`;
}

/** The roll-ups have a column for each measure, and one row for a depot-day. */
function drivenColumn(key: MeasureKey): string {
  return `d.${key}::float8`;
}

function metricRow({ figure }: (typeof metrics)[number]): string {
  return `('${figure}', (${cellsOf(figureOf(figure)).value})::float8)`;
}
