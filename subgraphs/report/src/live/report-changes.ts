import { addListener } from '@quantumroute/ops/listeners';
import type { Listeners } from '@quantumroute/ops/listeners';
import type { Logger } from '@quantumroute/ops/log';
import type { Postgres } from '@quantumroute/ops/postgres';
import { runDetached } from '@quantumroute/ops/request';
import type { ReportUpdated } from '@quantumroute/schema/events';

import { changedReports, reportVersions } from '../storage/change-store.ts';

export type ChangeListener = (event: ReportUpdated) => void;

/** Who waits for changes in this process, and where they hear of them. */
export type ReportChanges = {
  /** Give back what stops the listening. Events may come twice, and late; versions tell. */
  ofReport(reportId: string, listener: ChangeListener): () => void;
  ofOrganization(organizationId: string, listener: ChangeListener): () => void;
  /** An event has arrived. */
  tell(event: ReportUpdated): void;
  /** Events may have been missed: reads what changed from the rows. */
  catchUp(): Promise<void>;
  close(): void;
};

const SAFETY_NET_MS = 3_000;
/** Longer than a transaction that changes a report: `changed_at` is when it began. */
const OVERLAP_MS = 10_000;

/**
 * Fans events out to subscribers. Redis forgets what it could not deliver, so the rows are looked at
 * as well, every few seconds and after each gap, with two statements for all subscribers together.
 */
export function createReportChanges({
  postgres,
  log,
}: {
  postgres: Postgres;
  log: Logger;
}): ReportChanges {
  const byReport: Listeners<ReportUpdated> = new Map();
  const byOrganization: Listeners<ReportUpdated> = new Map();
  let lookedAt = performance.now();
  const tell = (event: ReportUpdated) => {
    for (const listener of byReport.get(event.reportId) ?? []) listener(event);
    for (const listener of byOrganization.get(event.organizationId) ?? []) listener(event);
  };
  const catchUp = async () => {
    const startedAt = performance.now();
    if (byReport.size === 0 && byOrganization.size === 0) {
      lookedAt = startedAt;
      return;
    }
    const withinMs = startedAt - lookedAt + OVERLAP_MS;
    try {
      for (const event of await reportVersions(postgres.fork(), [...byReport.keys()])) tell(event);
      const organizationIds = [...byOrganization.keys()];
      for (const event of await changedReports(postgres.fork(), { organizationIds, withinMs })) {
        tell(event);
      }
      lookedAt = startedAt;
    } catch (error) {
      log.warn({ err: error }, 'subscribers could not catch up');
    }
  };
  const timer = setInterval(() => void catchUp(), SAFETY_NET_MS);
  return {
    ofReport: (reportId, listener) => addListener(byReport, reportId, listener),
    ofOrganization: (organizationId, listener) =>
      addListener(byOrganization, organizationId, listener),
    tell,
    catchUp: () => runDetached(catchUp),
    close: () => clearInterval(timer),
  };
}
