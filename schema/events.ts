import { isUuid } from './ids.ts';

/** Every state of a report, in the order of its life; the last four are final. */
export const REPORT_STATUSES = [
  'REQUESTED',
  'RUNNING',
  'SUCCEEDED',
  'FAILED',
  'CANCELED',
  'EXPIRED',
] as const;

/** State of a report, as in the SDL. */
export type ReportStatus = (typeof REPORT_STATUSES)[number];

/** Says that a report changed. It names the state and carries none of it: readers load the row. */
export type ReportUpdated = {
  /** UUIDs, not the ids that clients see. */
  reportId: string;
  organizationId: string;
  /** The partner that owns the report; null when it is the organization's. */
  partnerId: string | null;
  /** `Identity.subject` of who asked for it, for the filter `requestedByMe`. */
  requestedBy: string;
  kind: string;
  status: ReportStatus;
  /** The row's version: an event that is not newer than what a subscriber has is dropped. */
  version: number;
};

/** A final report never changes again, but for EXPIRED, when its files are deleted. */
export function isFinalReportStatus(status: ReportStatus): boolean {
  return status !== 'REQUESTED' && status !== 'RUNNING';
}

/**
 * Redis channel of the changes of every report of an organization; its messages are JSON. Throws a
 * TypeError unless `organizationId` is a UUID, so that nothing a client sends can become a pattern.
 * `prefix` is `REDIS_PREFIX`.
 */
export function organizationReportsChannel(prefix: string, organizationId: string): string {
  if (isUuid(organizationId)) return `${prefix}report-updated:organization:${organizationId}`;
  const given = JSON.stringify(organizationId);
  throw new TypeError(`organizationReportsChannel needs a UUID, got ${given}`);
}

/** The event inside a message; null for anything else, which a subscriber ignores. */
export function readReportUpdated(message: string): ReportUpdated | null {
  try {
    const event: unknown = JSON.parse(message);
    return isReportUpdated(event) ? event : null;
  } catch {
    return null;
  }
}

function isReportUpdated(value: unknown): value is ReportUpdated {
  if (typeof value !== 'object' || value === null) return false;
  const event = value as Partial<Record<keyof ReportUpdated, unknown>>;
  return (
    isUuidValue(event.reportId) &&
    isUuidValue(event.organizationId) &&
    (event.partnerId === null || isUuidValue(event.partnerId)) &&
    typeof event.requestedBy === 'string' &&
    typeof event.kind === 'string' &&
    REPORT_STATUSES.some((status) => status === event.status) &&
    Number.isSafeInteger(event.version)
  );
}

function isUuidValue(value: unknown): value is string {
  return typeof value === 'string' && isUuid(value);
}
