import {
  createLogPublisher,
  openEventLog,
  subscribeToEvents,
} from '@quantumroute/ops/organization-events';
import type { EventConnection, LoggedEvents } from '@quantumroute/ops/organization-events';
import { organizationReportsChannel, readReportUpdated } from '@quantumroute/schema/events';
import type { ReportUpdated } from '@quantumroute/schema/events';

/** Tells that a report changed, after the change is committed. Never throws: rows tell it too. */
export type PublishReport = (event: ReportUpdated) => Promise<void>;

/** Reports on their way through Redis. */
export const REPORT_EVENTS: LoggedEvents<ReportUpdated> = {
  channelOf: organizationReportsChannel,
  read: readReportUpdated,
  keyOf: ({ reportId }) => reportId,
  versionOf: ({ version }) => version,
};

/** The publishing side, for workers and for requests. */
export function createReportPublisher(connection: EventConnection) {
  return createLogPublisher<ReportUpdated>(REPORT_EVENTS, connection);
}

/** The last changes of each organization, for whoever resumes. */
export function openReportLog(connection: EventConnection) {
  return openEventLog<ReportUpdated>(REPORT_EVENTS, connection);
}

/** The subscribing side, one for a process. */
export function subscribeToReports(
  connection: EventConnection,
  handlers: { onEvent: (event: ReportUpdated) => void; onGap: () => void },
) {
  return subscribeToEvents<ReportUpdated>(REPORT_EVENTS, connection, handlers);
}
