import { createBell } from '@quantumroute/ops/bell';
import { pull } from '@quantumroute/ops/pull';
import type { ReportUpdated } from '@quantumroute/schema/events';

import type { Report } from '../storage/report-entity.ts';
import type { ReportChanges } from './report-changes.ts';

/** More reports than this wait for no reader: the oldest change is dropped first. */
const MAX_PENDING = 1_000;
const MAX_REMEMBERED = 5_000;

/**
 * The changes of an organization's reports. What changes again before it is read is sent once, in
 * its latest state; no report goes back in version.
 */
export async function watchReports(options: {
  organizationId: string;
  changes: ReportChanges;
  /** Cheap refusal by the event alone. */
  concerns: (event: ReportUpdated) => boolean;
  /** The row, if the reader may see it and asked for such. */
  load: (reportId: string) => Promise<Report | null>;
  /** What had changed before the reader came and is not news. */
  recent: () => Promise<readonly ReportUpdated[]>;
}): Promise<AsyncIterableIterator<Report>> {
  const { organizationId, changes, concerns, load, recent } = options;
  const bell = createBell();
  const pending = new Set<string>();
  const sent = new Map<string, number>();
  const stop = changes.ofOrganization(organizationId, (event) => {
    if (!concerns(event) || event.version <= (sent.get(event.reportId) ?? 0)) return;
    pending.add(event.reportId);
    bound(pending, MAX_PENDING);
    bell.ring();
  });
  try {
    for (const { reportId, version } of await recent()) {
      if (!pending.has(reportId)) remember(sent, reportId, version);
    }
  } catch (error) {
    stop();
    throw error;
  }
  return pull<Report>({
    bell,
    free: stop,
    take: async () => {
      for (const reportId of pending) {
        pending.delete(reportId);
        const report = await load(reportId).catch(() => {
          // Tried again at the next event, at the latest by the safety net.
          return null;
        });
        if (report === null || report.version <= (sent.get(reportId) ?? 0)) continue;
        remember(sent, reportId, report.version);
        return report;
      }
      return null;
    },
  });
}

function remember(sent: Map<string, number>, reportId: string, version: number): void {
  sent.delete(reportId);
  sent.set(reportId, version);
  bound(sent, MAX_REMEMBERED);
}

function bound(entries: Set<string> | Map<string, number>, size: number): void {
  for (const oldest of entries.keys()) {
    if (entries.size <= size) return;
    entries.delete(oldest);
  }
}
