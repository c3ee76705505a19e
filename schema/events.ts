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
  return organizationChannel(`${prefix}report-updated`, organizationId);
}

/** The event inside a message; null for anything else, which a subscriber ignores. */
export function readReportUpdated(message: string): ReportUpdated | null {
  return readEvent(message, isReportUpdated);
}

/** Every state of an optimization run; the last three are final. */
export const RUN_STATUSES = ['QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELED'] as const;

/** State of an optimization run, as in the SDL. */
export type RunStatus = (typeof RUN_STATUSES)[number];

/** Says that an optimization run changed. Like `ReportUpdated`, it carries none of the run. */
export type RunUpdated = {
  /** UUIDs, not the ids that clients see. */
  runId: string;
  organizationId: string;
  status: RunStatus;
  /** The row's version: an event that is not newer than what a subscriber has is dropped. */
  version: number;
};

/** A final run never changes again. */
export function isFinalRunStatus(status: RunStatus): boolean {
  return status !== 'QUEUED' && status !== 'RUNNING';
}

/**
 * Redis channel of the changes of every optimization run of an organization; its messages are JSON.
 * Throws a TypeError unless `organizationId` is a UUID. `prefix` is `REDIS_PREFIX`.
 */
export function organizationRunsChannel(prefix: string, organizationId: string): string {
  return organizationChannel(`${prefix}run-updated`, organizationId);
}

/** The event inside a message; null for anything else, which a subscriber ignores. */
export function readRunUpdated(message: string): RunUpdated | null {
  return readEvent(message, isRunUpdated);
}

function organizationChannel(topic: string, organizationId: string): string {
  if (isUuid(organizationId)) return `${topic}:organization:${organizationId}`;
  throw new TypeError(`A channel needs a UUID, got ${JSON.stringify(organizationId)}`);
}

function readEvent<E>(message: string, isEvent: (value: unknown) => value is E): E | null {
  try {
    const event: unknown = JSON.parse(message);
    return isEvent(event) ? event : null;
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

function isRunUpdated(value: unknown): value is RunUpdated {
  if (typeof value !== 'object' || value === null) return false;
  const event = value as Partial<Record<keyof RunUpdated, unknown>>;
  return (
    isUuidValue(event.runId) &&
    isUuidValue(event.organizationId) &&
    RUN_STATUSES.some((status) => status === event.status) &&
    Number.isSafeInteger(event.version)
  );
}

function isUuidValue(value: unknown): value is string {
  return typeof value === 'string' && isUuid(value);
}
