import type { EntityManager } from '@mikro-orm/postgresql';

import type { ReportUpdated } from '@quantumroute/schema/events';

import type { EventRow } from './report-event.ts';
import { EVENT_COLUMNS, eventOf } from './report-event.ts';
import type { Viewer } from './report-queries.ts';

/**
 * What a cancel came to. `withdrawn`: others want the report, so that only the caller's own wish is
 * taken back. `nothing`: there is no unfinished report of that id for this viewer.
 */
export type Cancellation =
  | { kind: 'canceled'; event: ReportUpdated }
  | { kind: 'withdrawn' | 'nothing' };

/**
 * Takes the viewer's wish for an unfinished report back, and ends the report when nobody else has
 * asked for it. Who has not asked himself may end what a single colleague asked for.
 */
export function cancelReport(
  em: EntityManager,
  viewer: Viewer,
  reportId: string,
): Promise<Cancellation> {
  return em.transactional(async (tx) => {
    if (!(await lockUnfinished(tx, viewer, reportId))) return { kind: 'nothing' };
    const { isOwn, others } = await wishes(tx, reportId, viewer.subject);
    if (others <= (isOwn ? 0 : 1)) return { kind: 'canceled', event: await end(tx, reportId) };
    await tx.execute('delete from report.report_requesters where report_id = ? and requester = ?', [
      reportId,
      viewer.subject,
    ]);
    return { kind: 'withdrawn' };
  });
}

/** Nobody joins the report while it is locked. */
async function lockUnfinished(
  tx: EntityManager,
  { organizationId, partnerId }: Viewer,
  reportId: string,
): Promise<boolean> {
  const rows: unknown[] = await tx.execute(
    `select from report.reports
     where id = ? and organization_id = ? and (?::uuid is null or partner_id = ?)
       and status in ('REQUESTED', 'RUNNING')
     for update`,
    [reportId, organizationId, partnerId, partnerId],
  );
  return rows.length > 0;
}

async function wishes(tx: EntityManager, reportId: string, subject: string) {
  const [row]: { isOwn: boolean; others: number }[] = await tx.execute(
    `select coalesce(bool_or(requester = ?), false) as "isOwn",
       (count(*) filter (where requester <> ?))::int as others
     from report.report_requesters where report_id = ?`,
    [subject, subject, reportId],
  );
  return row ?? { isOwn: false, others: 0 };
}

/** Its worker, if it has one, hears of it at once and finds its fence broken. */
async function end(tx: EntityManager, reportId: string): Promise<ReportUpdated> {
  const [row]: EventRow[] = await tx.execute(
    `update report.reports set status = 'CANCELED', phase = 'DONE', lease_until = null,
       finished_at = now(), swept = false, version = version + 1, changed_at = now()
     where id = ? returning ${EVENT_COLUMNS}`,
    [reportId],
  );
  if (row === undefined) throw new Error(`Report ${reportId} vanished while it was locked`);
  return eventOf(row);
}
