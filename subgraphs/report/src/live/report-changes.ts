import { createEventFeed } from '@quantumroute/ops/event-feed';
import type { EventFeed } from '@quantumroute/ops/event-feed';
import type { EventLog } from '@quantumroute/ops/event-log';
import { addListener } from '@quantumroute/ops/listeners';
import type { Listeners } from '@quantumroute/ops/listeners';
import type { Logger } from '@quantumroute/ops/log';
import type { Postgres } from '@quantumroute/ops/postgres';
import { runDetached } from '@quantumroute/ops/request';
import { createSafetyNet } from '@quantumroute/ops/safety-net';
import type { ReportUpdated } from '@quantumroute/schema/events';

import { changedReports, reportVersions } from '../storage/change-store.ts';
import { REPORT_EVENTS } from './report-events.ts';

export type ChangeListener = (event: ReportUpdated) => void;

/** Who waits for changes in this process, and where they hear of them. */
export type ReportChanges = {
  /** Gives what stops the listening. Events may come twice, and late; versions tell. */
  ofReport(reportId: string, listener: ChangeListener): () => void;
  /** The changes of whole organizations. */
  readonly feed: EventFeed<ReportUpdated>;
  /** An event has arrived. */
  tell(event: ReportUpdated): void;
  /** Events may have been missed: reads what changed from the rows. */
  catchUp(): Promise<void>;
  close(): void;
};

const SAFETY_NET_MS = 3_000;

/**
 * Fans events out to subscribers. Redis forgets what it could not deliver, so the rows are looked at
 * as well, every few seconds and after each gap, with one statement for all watched reports.
 */
export function createReportChanges({
  postgres,
  events,
  log,
}: {
  postgres: Postgres;
  events: EventLog<ReportUpdated>;
  log: Logger;
}): ReportChanges {
  const byReport: Listeners<ReportUpdated> = new Map();
  const feed = createEventFeed({
    events: REPORT_EVENTS,
    log: events,
    logger: log,
    changedSince: (query) => runDetached(() => changedReports(postgres.fork(), query)),
  });
  const tellWatchers = (event: ReportUpdated) => {
    for (const listener of byReport.get(event.reportId) ?? []) listener(event);
  };
  const net = createSafetyNet({
    everyMs: SAFETY_NET_MS,
    async look() {
      if (byReport.size === 0) return;
      const present = await reportVersions(postgres.fork(), [...byReport.keys()]);
      for (const event of present) tellWatchers(event);
    },
    onFailure: (error) => log.warn({ err: error }, 'subscribers could not catch up'),
  });
  return {
    ofReport: (reportId, listener) => addListener(byReport, reportId, listener),
    feed,
    tell(event) {
      tellWatchers(event);
      feed.tell(event);
    },
    async catchUp() {
      await Promise.all([net.look(), feed.catchUp()]);
    },
    close() {
      net.close();
      feed.close();
    },
  };
}
