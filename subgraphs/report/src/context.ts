import type { EntityManager } from '@mikro-orm/postgresql';

import type { Identity } from '@quantumroute/ops/identity';

import type { RequestParts } from './actions/request-report.ts';
import type { LinkSettings } from './artifacts/link.ts';
import type { ReportChanges } from './live/report-changes.ts';
import type { Loaders } from './loaders.ts';
import type { Report } from './storage/report-entity.ts';
import type { Viewer } from './storage/report-queries.ts';

/** What one operation, or one event of a subscription, carries. */
export type ReportContext = {
  readonly identity: Identity;
  readonly em: EntityManager;
  readonly loaders: Loaders;
  readonly parts: ReportParts;
};

/** What all operations share. */
export type ReportParts = RequestParts & {
  readonly links: LinkSettings;
  readonly changes: ReportChanges;
  /** Reads a report for a subscriber, together with the other subscribers of the same moment. */
  readonly latest: (viewer: Viewer, reportId: string) => Promise<Report | null>;
};
