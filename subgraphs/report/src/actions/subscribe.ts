import type { EntityManager } from '@mikro-orm/postgresql';

import { failure } from '@quantumroute/ops/failures';
import type { Identity } from '@quantumroute/ops/identity';
import type { LiveSource } from '@quantumroute/ops/live-event';
import { isFinalReportStatus } from '@quantumroute/schema/events';

import type { ReportChanges } from '../live/report-changes.ts';
import { watchReport } from '../live/watch-report.ts';
import type { Report } from '../storage/report-entity.ts';
import type { ReportConditions, Viewer } from '../storage/report-queries.ts';
import { findListed, isVisible, meets } from '../storage/report-queries.ts';
import { viewerOf } from './viewer.ts';

type LiveParts = {
  readonly changes: ReportChanges;
  readonly latest: (viewer: Viewer, reportId: string) => Promise<Report | null>;
};

/** One report from its present state to its end. */
export async function subscribeToReport(
  { changes, latest }: LiveParts,
  { identity, reportId }: { identity: Identity; reportId: string },
): Promise<LiveSource<Report>> {
  const viewer = viewerOf(identity);
  if ((await latest(viewer, reportId)) === null) {
    throw failure('NOT_FOUND', 'There is no such report');
  }
  return watchReport({ reportId, changes, load: () => latest(viewer, reportId) });
}

/** The reports of the caller's organization, or partner, as they change. */
export function subscribeToReports(
  { changes, latest }: LiveParts,
  request: { identity: Identity; em: EntityManager; conditions: ReportConditions },
): Promise<LiveSource<Report>> {
  const { identity, em, conditions } = request;
  const viewer = viewerOf(identity);
  return changes.feed.watch({
    organizationId: viewer.organizationId,
    // The row may have moved on since the event: its status is looked at when it is read.
    concerns: (event) =>
      isVisible(viewer, event) && meets({ ...conditions, statuses: null }, event),
    load: async ({ reportId }) => {
      if (needsMore(conditions)) return findListed(em.fork(), viewer, { reportId, conditions });
      const report = await latest(viewer, reportId);
      return report !== null && meets(conditions, report) ? report : null;
    },
    settles: ({ status }) => isFinalReportStatus(status),
  });
}

/** Who else asked for a report, and for which occurrence, is not in its row. */
function needsMore({ requestedByMe, scheduleId }: ReportConditions): boolean {
  return requestedByMe || scheduleId !== null;
}
