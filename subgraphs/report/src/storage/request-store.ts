import type { EntityManager } from '@mikro-orm/postgresql';

import type { ReportUpdated } from '@quantumroute/schema/events';

import type { Presentation } from '../artifacts/presentation.ts';
import type { ReportFormat, ReportKind, SubjectType } from './report-entity.ts';
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
  readonly presentation: Presentation;
  readonly fingerprint: string;
  /** The schedule that asks; null when somebody does. */
  readonly scheduleId: string | null;
};

/** From here to the end of the transaction nobody else stores a report of the organization. */
export async function lockRequests(tx: EntityManager, organizationId: string): Promise<void> {
  await tx.execute('select pg_advisory_xact_lock(hashtextextended(?, 4))', [organizationId]);
}

/** Unfinished reports of the organization. */
export async function countUnfinished(tx: EntityManager, organizationId: string): Promise<number> {
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
       subject_id, period_from, period_to, parameters, formats, locale, time_zone, unit_system,
       fingerprint, schedule_id)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, string_to_array(?, ','), ?, ?, ?, ?, ?)
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
      report.presentation.locale,
      report.presentation.timeZone,
      report.presentation.unitSystem,
      report.fingerprint,
      report.scheduleId,
    ],
  );
  if (row === undefined) throw new Error('The report was not stored');
  return eventOf(row);
}
