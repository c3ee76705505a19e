import type { EntityManager } from '@mikro-orm/postgresql';

import type { ReportUpdated } from '@quantumroute/schema/events';

import type { FailureCode } from '../worker/report-failure.ts';
import type { Fence } from './fence.ts';
import { LeaseLostError } from './fence.ts';
import type { EventRow } from './report-event.ts';
import { EVENT_COLUMNS, eventOf } from './report-event.ts';
import { isDueSql, queueSql } from './queue-order.ts';
import type { ReportPhase } from './report-entity.ts';
import { ReportEntity } from './report-entity.ts';
import type { Report } from './report-entity.ts';

export type Progress = { phase: ReportPhase; ratio: number; rowsRead: number };

/** A report that a worker has taken; `lostItsWorker`: the attempt before this one ended in silence. */
export type Claimed = { report: Report; event: ReportUpdated; lostItsWorker: boolean };

/**
 * Takes the report whose turn it is, as a new attempt. Null when there is nothing to take: hints may
 * come twice, late, or for what was canceled meanwhile; and who falls asleep in the middle of a claim
 * may find the report in other hands.
 */
export async function claimNextReport(
  em: EntityManager,
  { workerId, leaseMs }: { workerId: string; leaseMs: number },
): Promise<Claimed | null> {
  const [row]: (EventRow & { attempt: number; lost: boolean })[] = await em.execute(CLAIM, [
    workerId,
    leaseMs,
  ]);
  if (row === undefined) return null;
  const report = await em.findOne(ReportEntity, { id: row.id, attempt: row.attempt });
  return report === null ? null : { report, event: eventOf(row), lostItsWorker: row.lost };
}

/** Claims of the same moment pass over what the other has locked, in the same order of turns. */
const CLAIM = `
  with next as materialized (
    select report.id as next_id, report.organization_id as served_id,
      report.status = 'RUNNING' and report.worker_id is not null as lost
    from report.reports report join (${queueSql}) queue on queue.id = report.id
    where ${isDueSql('report')}
    order by queue.place limit 1 for update of report skip locked),
  turn as (
    insert into report.organization_turns (organization_id, served_at)
    select served_id, clock_timestamp() from next
    on conflict (organization_id) do update set served_at = excluded.served_at)
  update report.reports set status = 'RUNNING', phase = 'READING', ratio = 0, rows_read = 0,
    attempt = attempt + 1, worker_id = ?, heartbeat_at = now(),
    lease_until = now() + ? * interval '1 millisecond',
    started_at = coalesce(started_at, now()), version = version + 1, changed_at = now()
  from next where id = next_id
  returning ${EVENT_COLUMNS}, attempt, lost`;

/** Tells which process carries the attempt out now. Throws LeaseLostError when it is over. */
export async function adoptReport(
  em: EntityManager,
  fence: Fence,
  workerId: string,
): Promise<Report> {
  const rows: unknown[] = await em.execute(
    `update report.reports set worker_id = ? where ${FENCED} returning 1`,
    [workerId, ...fenceValues(fence)],
  );
  if (rows.length === 0) throw new LeaseLostError(fence);
  const { reportId: id, attempt } = fence;
  const report = await em.findOne(ReportEntity, { id, attempt });
  if (report === null) throw new LeaseLostError(fence);
  return report;
}

/** Renews the lease. Throws LeaseLostError when this attempt is over. */
export async function renewLease(em: EntityManager, fence: Fence, leaseMs: number): Promise<void> {
  const rows: unknown[] = await em.execute(
    `update report.reports
     set heartbeat_at = now(), lease_until = now() + ? * interval '1 millisecond'
     where ${FENCED} returning 1`,
    [leaseMs, ...fenceValues(fence)],
  );
  if (rows.length === 0) throw new LeaseLostError(fence);
}

/** Tells how far the attempt is. */
export function writeProgress(
  em: EntityManager,
  fence: Fence,
  { phase, ratio, rowsRead }: Progress,
): Promise<ReportUpdated> {
  return change(em, fence, 'phase = ?, ratio = ?, rows_read = ?', [phase, ratio, rowsRead]);
}

/** Ends the report without a result. */
export function failReport(
  em: EntityManager,
  fence: Fence,
  failure: { code: FailureCode; message: string; retryable: boolean },
): Promise<ReportUpdated> {
  return change(
    em,
    fence,
    `status = 'FAILED', phase = 'DONE', lease_until = null, finished_at = now(), swept = false,
     failure_code = ?, failure_message = ?, failure_retryable = ?`,
    [failure.code, failure.message, failure.retryable],
  );
}

/**
 * Gives the attempt up so that another follows after `delayMs`. The report stays RUNNING, because
 * its status never goes backwards: its lease simply ends. With `isHandover` the attempt was not the
 * report's fault and is not counted.
 */
export function releaseReport(
  em: EntityManager,
  fence: Fence,
  { delayMs, isHandover = false }: { delayMs: number; isHandover?: boolean },
): Promise<ReportUpdated> {
  return change(
    em,
    fence,
    `phase = 'WAITING', ratio = 0, worker_id = null, handed_over = handed_over + ?,
     lease_until = now() + ? * interval '1 millisecond'`,
    [isHandover ? 1 : 0, delayMs],
  );
}

/** A fenced UPDATE that bumps the version. Throws LeaseLostError when this attempt is over. */
export async function change(
  em: EntityManager,
  fence: Fence,
  assignments: string,
  values: readonly unknown[],
): Promise<ReportUpdated> {
  const [row]: EventRow[] = await em.execute(
    `update report.reports set ${assignments}, version = version + 1, changed_at = now()
     where ${FENCED} returning ${EVENT_COLUMNS}`,
    [...values, ...fenceValues(fence)],
  );
  if (row === undefined) throw new LeaseLostError(fence);
  return eventOf(row);
}

const FENCED = `id = ? and attempt = ? and status = 'RUNNING'`;

function fenceValues({ reportId, attempt }: Fence): (string | number)[] {
  return [reportId, attempt];
}
