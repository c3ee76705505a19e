import type { EntityManager } from '@mikro-orm/postgresql';

import { queueSql } from './queue-order.ts';

/** What lies ahead of an unfinished report, as far as it is known. */
export type Forecast = {
  readonly reportId: string;
  /** Its place among the reports that wait, 1 is next; null when it does not wait. */
  readonly queuePosition: number | null;
  readonly remainingSeconds: number | null;
};

type Row = {
  id: string;
  place: number | null;
  running: number;
  elapsed: number | null;
  typical: number | null;
};

/**
 * How reports are likely to go on, by what the latest ones of their organization, kind and about
 * their length took. One statement for all of them.
 */
export async function forecastReports(
  em: EntityManager,
  reportIds: readonly string[],
): Promise<Forecast[]> {
  const rows: Row[] = await em.execute(FORECAST, [reportIds.join(',')]);
  return rows.map((row) => ({
    reportId: row.id,
    queuePosition: row.place,
    remainingSeconds: remainingSeconds(row),
  }));
}

/** The reports ahead are taken to last as long as this one, with as many running as now. */
function remainingSeconds({ place, running, elapsed, typical }: Row): number | null {
  if (typical === null) return null;
  if (place !== null) return Math.ceil(typical * (1 + (place - 1) / Math.max(running, 1)));
  // One that takes longer than usual may take any time.
  return elapsed === null || elapsed >= typical ? null : Math.ceil(typical - elapsed);
}

/** Fewer runs tell nothing yet; older ones than the latest 200 of a kind tell nothing any more. */
const FORECAST = `
  select report.id, queue.place,
    (select count(*)::int from report.reports other
     where other.status = 'RUNNING' and other.worker_id is not null) as running,
    case when report.attempt - report.handed_over = 1 and report.worker_id is not null
      then extract(epoch from now() - report.started_at)::float8 end as elapsed,
    (select percentile_cont(0.5) within group (order by past.seconds)
     from (
       select extract(epoch from latest.finished_at - latest.started_at)::float8 as seconds
       from (
         select finished_at, started_at, period_from, period_to from report.reports
         where organization_id = report.organization_id and kind = report.kind
           and status = 'SUCCEEDED' and attempt = 1
         order by finished_at desc limit 200) latest
       where ${lengthSql('latest')} = ${lengthSql('report')}
       order by latest.finished_at desc limit 25) past
     having count(*) >= 3) as typical
  from report.reports report left join (${queueSql}) queue on queue.id = report.id
  where report.id = any(string_to_array(?, ',')::uuid[]) and report.status in ('REQUESTED', 'RUNNING')`;

/** Periods are about as long as each other within a power of two of days. */
function lengthSql(report: string): string {
  return `floor(log(2, ${report}.period_to - ${report}.period_from + 1))`;
}
