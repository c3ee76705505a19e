import type { ReportUpdated } from '@quantumroute/schema/events';
import type { ReportStatus } from '@quantumroute/schema/events';

/** What every statement that changes a report returns, so that the change can be told. */
export const EVENT_COLUMNS = 'id, organization_id, partner_id, requested_by, kind, status, version';

export type EventRow = {
  id: string;
  organization_id: string;
  partner_id: string | null;
  requested_by: string;
  kind: string;
  status: ReportStatus;
  version: number;
};

/** The event that tells of a changed row. */
export function eventOf(row: EventRow): ReportUpdated {
  return {
    reportId: row.id,
    organizationId: row.organization_id,
    partnerId: row.partner_id,
    requestedBy: row.requested_by,
    kind: row.kind,
    status: row.status,
    version: row.version,
  };
}
