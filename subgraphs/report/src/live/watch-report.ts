import { isFinalReportStatus } from '@quantumroute/schema/events';

import type { Report } from '../storage/report-entity.ts';
import { createBell } from './bell.ts';
import { pull } from './pull.ts';
import type { ReportChanges } from './report-changes.ts';

/**
 * The present state of a report, then every later one that the reader keeps up with, never an older
 * one again; ends after a final status, or when the report is gone.
 */
export function watchReport(options: {
  reportId: string;
  changes: ReportChanges;
  /** The first load fails the subscription; later ones are tried again at the next event. */
  load: () => Promise<Report | null>;
}): AsyncIterableIterator<Report> {
  const { reportId, changes, load } = options;
  const bell = createBell();
  let sent = 0;
  let mayBeNewer = true;
  let ended = false;
  const stop = changes.ofReport(reportId, ({ version }) => {
    if (version <= sent && !mayBeNewer) return;
    mayBeNewer = true;
    bell.ring();
  });
  return pull<Report>({
    bell,
    free: stop,
    take: async () => {
      if (ended) return 'ended';
      if (!mayBeNewer) return null;
      mayBeNewer = false;
      const report = await load().catch((error: unknown) => {
        if (sent === 0) throw error;
        mayBeNewer = true;
        return undefined;
      });
      if (report === null) return 'ended';
      if (report === undefined || report.version <= sent) return null;
      sent = report.version;
      ended = isFinalReportStatus(report.status);
      return report;
    },
  });
}
