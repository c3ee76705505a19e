import type { EntityManager } from '@mikro-orm/postgresql';

import type { ReportUpdated } from '@quantumroute/schema/events';

import { MAX_ATTEMPTS } from './queue-order.ts';
import type { EventRow } from './report-event.ts';
import { EVENT_COLUMNS, eventOf } from './report-event.ts';

/** Ends reports that lost their worker in their last attempt. */
export async function failLostReports(em: EntityManager): Promise<ReportUpdated[]> {
  const rows: EventRow[] = await em.execute(
    `update report.reports set status = 'FAILED', phase = 'DONE', lease_until = null,
       finished_at = now(), swept = false, failure_code = 'WORKER_LOST',
       failure_message = 'Every attempt lost its worker', failure_retryable = true,
       version = version + 1, changed_at = now()
     where status = 'RUNNING' and lease_until < now() and attempt - handed_over >= ?
     returning ${EVENT_COLUMNS}`,
    [MAX_ATTEMPTS],
  );
  return rows.map(eventOf);
}

/** Turns reports whose time is over into EXPIRED; their files are left to the sweep. */
export async function expireReports(em: EntityManager, limit: number): Promise<ReportUpdated[]> {
  const rows: EventRow[] = await em.execute(
    `update report.reports set status = 'EXPIRED', swept = false,
       version = version + 1, changed_at = now()
     where id in (select id from report.reports
       where status = 'SUCCEEDED' and expires_at < now()
       order by expires_at limit ? for update skip locked)
     returning ${EVENT_COLUMNS}`,
    [limit],
  );
  return rows.map(eventOf);
}

/** A finished report with what of it is to be kept: the files of its result, if it has one still. */
export type Sweepable = { reportId: string; keep: string[] };

/** Finished reports of which something may be left that no one can reach any more. */
export async function sweepableReports(em: EntityManager, limit: number): Promise<Sweepable[]> {
  return em.execute(
    `select report.id as "reportId", array(
       select artifact.store_key from report.report_artifacts artifact
       where artifact.report_id = report.id and report.status = 'SUCCEEDED') as keep
     from report.reports report
     where not report.swept and report.status in ('SUCCEEDED', 'FAILED', 'CANCELED', 'EXPIRED')
     order by report.changed_at limit ?`,
    [limit],
  );
}

/**
 * Deletes rows that do not belong to the result, a bounded number at a time, and ticks the report
 * off when none is left. Who deletes them does not matter: other workers sweep as well.
 */
export async function sweepRows(em: EntityManager, reportId: string): Promise<void> {
  await em.execute(
    `delete from report.report_rows where ctid in (
       select stored.ctid from report.report_rows stored
       join report.reports report on report.id = stored.report_id
       where report.id = ? and ${NO_RESULT}
       limit ? for update of stored skip locked)`,
    [reportId, ROWS_PER_SWEEP],
  );
  await em.execute(
    `update report.reports report set swept = true
     where report.id = ? and not exists (
       select 1 from report.report_rows stored
       where stored.report_id = report.id and ${NO_RESULT})`,
    [reportId],
  );
}

const NO_RESULT = `(stored.attempt <> report.attempt or report.status <> 'SUCCEEDED')`;

/** So many are gone well within the time that a statement has. */
const ROWS_PER_SWEEP = 10_000;
