import type { LiveSource } from '@quantumroute/ops/live-event';
import { watchRow } from '@quantumroute/ops/watch-row';
import { isFinalReportStatus } from '@quantumroute/schema/events';

import type { Report } from '../storage/report-entity.ts';
import type { ReportChanges } from './report-changes.ts';

/** One report from its present state to its end, or until it is gone. */
export function watchReport({
  reportId,
  changes,
  load,
}: {
  reportId: string;
  changes: ReportChanges;
  load: () => Promise<Report | null>;
}): LiveSource<Report> {
  return watchRow({
    listen: (listener) => changes.ofReport(reportId, listener),
    load,
    isFinal: ({ status }) => isFinalReportStatus(status),
  });
}
