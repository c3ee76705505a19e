import type { EntityManager } from '@mikro-orm/postgresql';
import type DataLoader from 'dataloader';

import type { Identity } from '@quantumroute/ops/identity';
import { byId, createLoader } from '@quantumroute/ops/loader';
import type { Metrics } from '@quantumroute/ops/metrics';

import { viewerOf } from './actions/viewer.ts';
import type { EvidencePage, EvidenceStop } from './figures/evidence.ts';
import { readEvidence } from './figures/evidence.ts';
import type { Artifact } from './storage/artifact-entity.ts';
import type { Forecast } from './storage/forecast-store.ts';
import { forecastReports } from './storage/forecast-store.ts';
import type { Report } from './storage/report-entity.ts';
import { queryBy } from './storage/query-by.ts';
import { findArtifacts, findReports } from './storage/report-queries.ts';
import type { RestatedPeriod } from './storage/restated-days.ts';
import { findRestatedDays } from './storage/restated-days.ts';
import type { RowPage, StoredRow } from './storage/row-pages.ts';
import { readRowPages } from './storage/row-pages.ts';
import type { Schedule } from './storage/schedule-entity.ts';
import { findSchedules, lastReportIds } from './storage/schedule-queries.ts';
import type { SubjectLoaders } from './subjects/subject-loaders.ts';
import { createSubjectLoaders } from './subjects/subject-loaders.ts';

export type Loaders = SubjectLoaders & {
  /** Reports that the caller may see, by UUID. */
  readonly report: DataLoader<string, Report | null>;
  /** What lies ahead of unfinished reports, by UUID. */
  readonly forecast: DataLoader<string, Forecast | null>;
  /** Schedules that the caller may see, by UUID. */
  readonly schedule: DataLoader<string, Schedule | null>;
  /** The report of the latest occurrence, by the UUID of the schedule. */
  readonly lastReportId: DataLoader<string, string | null>;
  /** Files of a report, by its UUID. */
  readonly artifacts: DataLoader<string, Artifact[] | null>;
  readonly rows: DataLoader<RowPage, StoredRow[] | null>;
  /** Stops behind numbers that the caller may see. */
  readonly evidence: DataLoader<EvidencePage, EvidenceStop[] | null>;
  readonly restatedDays: DataLoader<RestatedPeriod, string[] | null>;
};

/** One loader per key that we answer by, for one operation. */
export function createLoaders(
  em: EntityManager,
  { identity, metrics }: { identity: Identity; metrics: Metrics },
): Loaders {
  return {
    ...createSubjectLoaders(em, { identity, metrics }),
    report: createLoader<string, Report>({
      name: 'report',
      metrics,
      batch: async (ids) =>
        byId(ids, await findReports(em.fork(), viewerOf(identity), ids), ({ id }) => id),
    }),
    forecast: createLoader<string, Forecast>({
      name: 'forecast',
      metrics,
      batch: async (ids) =>
        byId(ids, await forecastReports(em.fork(), ids), ({ reportId }) => reportId),
    }),
    schedule: createLoader<string, Schedule>({
      name: 'schedule',
      metrics,
      batch: async (ids) =>
        byId(ids, await findSchedules(em.fork(), viewerOf(identity), ids), ({ id }) => id),
    }),
    lastReportId: createLoader<string, string>({
      name: 'lastReportId',
      metrics,
      batch: async (ids) => {
        const latest = await lastReportIds(em.fork(), ids);
        const bySchedule = new Map(latest.map((found) => [found.scheduleId, found.reportId]));
        return ids.map((id) => bySchedule.get(id) ?? null);
      },
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
    evidence: createLoader<EvidencePage, EvidenceStop[]>({
      name: 'evidence',
      metrics,
      cacheKey: (page) => JSON.stringify(page),
      batch: (pages) => readEvidence(queryBy(em.fork()), pages),
    }),
    restatedDays: createLoader<RestatedPeriod, string[]>({
      name: 'restatedDays',
      metrics,
      cacheKey: (period) => JSON.stringify(period),
      batch: (periods) => findRestatedDays(queryBy(em.fork()), periods),
    }),
  };
}
