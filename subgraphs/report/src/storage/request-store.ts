import type { EntityManager } from '@mikro-orm/postgresql';

import type { ReportUpdated } from '@quantumroute/schema/events';

import type { ReportFormat, ReportKind, SubjectType } from './report-entity.ts';
import type { Viewer } from './report-queries.ts';
import type { EventRow } from './report-event.ts';
import { EVENT_COLUMNS, eventOf } from './report-event.ts';

export type NewReport = {
  readonly id: string;
  readonly organizationId: string;
  readonly partnerId: string | null;
  readonly requestedBy: string;
  readonly kind: ReportKind;
  readonly subjectType: SubjectType;
  readonly subjectId: string;
  readonly periodFrom: string;
  readonly periodTo: string;
  readonly parameters: Record<string, unknown>;
  readonly formats: readonly ReportFormat[];
};

/** Unfinished reports of the organization. Others who count wait until this transaction ends. */
export async function countUnfinished(tx: EntityManager, organizationId: string): Promise<number> {
  await tx.execute('select pg_advisory_xact_lock(hashtextextended(?, 4))', [organizationId]);
  const [row]: { count: number }[] = await tx.execute(
    `select count(*)::int as count from report.reports
     where organization_id = ? and status in ('REQUESTED', 'RUNNING')`,
    [organizationId],
  );
  return row?.count ?? 0;
}

/** Stores a request; from here on the report will come to an end. */
export async function insertReport(tx: EntityManager, report: NewReport): Promise<ReportUpdated> {
  const [row]: EventRow[] = await tx.execute(
    `insert into report.reports (id, organization_id, partner_id, requested_by, kind, subject_type,
       subject_id, period_from, period_to, parameters, formats)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, string_to_array(?, ','))
     returning ${EVENT_COLUMNS}`,
    [
      report.id,
      report.organizationId,
      report.partnerId,
      report.requestedBy,
      report.kind,
      report.subjectType,
      report.subjectId,
      report.periodFrom,
      report.periodTo,
      JSON.stringify(report.parameters),
      report.formats.join(','),
    ],
  );
  if (row === undefined) throw new Error('The report was not stored');
  return eventOf(row);
}

/**
 * Cancels an unfinished report. Its worker, if it has one, finds its fence broken at the next
 * heartbeat and stops. Null when there is nothing to cancel.
 */
export async function cancelReport(
  em: EntityManager,
  viewer: Viewer,
  reportId: string,
): Promise<ReportUpdated | null> {
  const [row]: EventRow[] = await em.execute(
    `update report.reports set status = 'CANCELED', phase = 'DONE', lease_until = null,
       finished_at = now(), swept = false, version = version + 1, changed_at = now()
     where id = ? and organization_id = ? and (?::uuid is null or partner_id = ?)
       and status in ('REQUESTED', 'RUNNING')
     returning ${EVENT_COLUMNS}`,
    [reportId, viewer.organizationId, viewer.partnerId, viewer.partnerId],
  );
  return row === undefined ? null : eventOf(row);
}
