import type { EntityManager } from '@mikro-orm/postgresql';
import type DataLoader from 'dataloader';

import type { Identity } from '@quantumroute/ops/identity';
import { byId, createLoader } from '@quantumroute/ops/loader';
import type { Metrics } from '@quantumroute/ops/metrics';

import { viewerOf } from './actions/viewer.ts';
import type { Artifact } from './storage/artifact-entity.ts';
import type { Report } from './storage/report-entity.ts';
import { findArtifacts, findReports } from './storage/report-queries.ts';
import type { RowPage, StoredRow } from './storage/row-pages.ts';
import { readRowPages } from './storage/row-pages.ts';

export type Loaders = {
  /** Reports that the caller may see, by UUID. */
  readonly report: DataLoader<string, Report | null>;
  /** Files of a report, by its UUID. */
  readonly artifacts: DataLoader<string, Artifact[] | null>;
  readonly rows: DataLoader<RowPage, StoredRow[] | null>;
};

/** One loader per key that we answer by, for one operation. */
export function createLoaders(
  em: EntityManager,
  { identity, metrics }: { identity: Identity; metrics: Metrics },
): Loaders {
  return {
    report: createLoader<string, Report>({
      name: 'report',
      metrics,
      batch: async (ids) =>
        byId(ids, await findReports(em.fork(), viewerOf(identity), ids), ({ id }) => id),
    }),
    artifacts: createLoader<string, Artifact[]>({
      name: 'artifacts',
      metrics,
      batch: async (ids) => {
        const byReport = Map.groupBy(await findArtifacts(em.fork(), ids), (file) => file.reportId);
        return ids.map((id) => byReport.get(id) ?? []);
      },
    }),
    rows: createLoader<RowPage, StoredRow[]>({
      name: 'rows',
      metrics,
      cacheKey: (page) => JSON.stringify(page),
      batch: (pages) => readRowPages(em.fork(), pages),
    }),
  };
}
