import type { EntityManager } from '@mikro-orm/postgresql';

import { MAX_ATTEMPTS } from './queue-order.ts';

/** Whether a report should be taken now; to those just requested a hint is on its way. */
export async function isAnyDue(em: EntityManager): Promise<boolean> {
  const rows: unknown[] = await em.execute(
    `(select 1 from report.reports
      where status = 'RUNNING' and lease_until < now() and attempt - handed_over < ? limit 1)
     union all
     (select 1 from report.reports
      where status = 'REQUESTED' and requested_at < now() - interval '1 second' limit 1)`,
    [MAX_ATTEMPTS],
  );
  return rows.length > 0;
}

/** What is not finished. `oldestSeconds`: how long the one that waits longest has waited. */
export type OpenReports = { requested: number; running: number; oldestSeconds: number };

/** For the metrics of a worker. */
export async function countOpenReports(em: EntityManager): Promise<OpenReports> {
  const [row]: OpenReports[] = await em.execute(
    `select count(*) filter (where status = 'REQUESTED')::int as requested,
       count(*) filter (where status = 'RUNNING')::int as running,
       coalesce(extract(epoch from now() - min(requested_at) filter (where status = 'REQUESTED')),
         0)::float8 as "oldestSeconds"
     from report.reports where status in ('REQUESTED', 'RUNNING')`,
  );
  return row ?? { requested: 0, running: 0, oldestSeconds: 0 };
}

/** Rows that a report has read. */
export async function countRows(em: EntityManager, reportId: string): Promise<number> {
  const [row]: { count: number }[] = await em.execute(
    'select rows_read::float8 as count from report.reports where id = ?',
    [reportId],
  );
  return row?.count ?? 0;
}
