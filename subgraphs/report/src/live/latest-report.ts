import DataLoader from 'dataloader';

import type { Postgres } from '@quantumroute/ops/postgres';
import { runDetached } from '@quantumroute/ops/request';

import { ReportEntity } from '../storage/report-entity.ts';
import type { Report } from '../storage/report-entity.ts';
import type { Viewer } from '../storage/report-queries.ts';
import { isVisible } from '../storage/report-queries.ts';

/**
 * Reads the present state of reports for subscribers. One event wakes many of them at the same
 * moment: they share a statement, nothing is kept, and each sees only what it may see.
 */
export function createLatestReport(
  postgres: Postgres,
): (viewer: Viewer, reportId: string) => Promise<Report | null> {
  const loader = new DataLoader<string, Report | null>(
    (ids) =>
      runDetached(async () => {
        const rows = await postgres.fork().find(ReportEntity, { id: { $in: [...new Set(ids)] } });
        const byId = new Map(rows.map((report) => [report.id, report]));
        return ids.map((id) => byId.get(id) ?? null);
      }),
    { cache: false, maxBatchSize: 500 },
  );
  return async (viewer, reportId) => {
    const report = await loader.load(reportId);
    return report !== null && isVisible(viewer, report) ? report : null;
  };
}
