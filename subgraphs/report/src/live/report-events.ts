import { createEventPublisher, subscribeToEvents } from '@quantumroute/ops/organization-events';
import type { EventConnection } from '@quantumroute/ops/organization-events';
import { organizationReportsChannel, readReportUpdated } from '@quantumroute/schema/events';
import type { ReportUpdated } from '@quantumroute/schema/events';

/** Tells that a report changed, after the change is committed. Never throws: rows tell it too. */
export type PublishReport = (event: ReportUpdated) => Promise<void>;

const REPORT_EVENTS = { channelOf: organizationReportsChannel, read: readReportUpdated };

/** The publishing side, for workers and for requests. */
export function createReportPublisher(connection: EventConnection) {
  return createEventPublisher<ReportUpdated>(REPORT_EVENTS, connection);
}

/** The subscribing side, one for a process. */
export function subscribeToReports(
  connection: EventConnection,
  handlers: { onEvent: (event: ReportUpdated) => void; onGap: () => void },
) {
  return subscribeToEvents<ReportUpdated>(REPORT_EVENTS, connection, handlers);
}
