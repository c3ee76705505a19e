import type { EntityManager, FilterQuery } from '@mikro-orm/postgresql';

import type { ReportStatus } from '@quantumroute/schema/events';

import { ArtifactEntity } from './artifact-entity.ts';
import type { Artifact } from './artifact-entity.ts';
import { ReportEntity } from './report-entity.ts';
import type { Report, ReportKind } from './report-entity.ts';

/** Whose reports may be seen: an organization's, or those of one of its partners only. */
export type Viewer = {
  readonly organizationId: string;
  readonly partnerId: string | null;
  readonly subject: string;
};

export type ReportConditions = {
  readonly kinds: readonly ReportKind[] | null;
  readonly statuses: readonly ReportStatus[] | null;
  readonly requestedByMe: boolean;
};

/** True when the viewer may know that the report exists. */
export function isVisible(
  viewer: Viewer,
  report: { organizationId: string; partnerId?: string | null | undefined },
): boolean {
  if (report.organizationId !== viewer.organizationId) return false;
  return viewer.partnerId === null || report.partnerId === viewer.partnerId;
}

/** True when the report is one that was asked for. */
export function meets(
  viewer: Viewer,
  conditions: ReportConditions,
  report: { kind: string; status: ReportStatus; requestedBy: string },
): boolean {
  const { kinds, statuses, requestedByMe } = conditions;
  return (
    (kinds === null || kinds.some((kind) => kind === report.kind)) &&
    (statuses === null || statuses.includes(report.status)) &&
    (!requestedByMe || report.requestedBy === viewer.subject)
  );
}

/** The reports among these ids that the viewer may see. */
export function findReports(
  em: EntityManager,
  viewer: Viewer,
  reportIds: readonly string[],
): Promise<Report[]> {
  return em.find(ReportEntity, { ...visibleTo(viewer), id: { $in: [...reportIds] } });
}

/** A page of the visible reports that meet the conditions, newest first. */
export function listReports(
  em: EntityManager,
  viewer: Viewer,
  page: {
    conditions: ReportConditions;
    limit: number;
    after: { requestedAt: Date; id: string } | null;
  },
): Promise<Report[]> {
  const { conditions, limit, after } = page;
  const where: FilterQuery<Report> = {
    ...visibleTo(viewer),
    ...(conditions.kinds === null ? {} : { kind: { $in: [...conditions.kinds] } }),
    ...(conditions.statuses === null ? {} : { status: { $in: [...conditions.statuses] } }),
    ...(conditions.requestedByMe ? { requestedBy: viewer.subject } : {}),
    ...(after === null
      ? {}
      : {
          requestedAt: { $lte: after.requestedAt },
          $or: [{ requestedAt: { $lt: after.requestedAt } }, { id: { $lt: after.id } }],
        }),
  };
  return em.find(ReportEntity, where, { orderBy: { requestedAt: 'desc', id: 'desc' }, limit });
}

/** The files of these reports. */
export function findArtifacts(
  em: EntityManager,
  reportIds: readonly string[],
): Promise<Artifact[]> {
  return em.find(
    ArtifactEntity,
    { reportId: { $in: [...reportIds] } },
    { orderBy: { format: 'asc' } },
  );
}

function visibleTo({ organizationId, partnerId }: Viewer): {
  organizationId: string;
  partnerId?: string;
} {
  return partnerId === null ? { organizationId } : { organizationId, partnerId };
}
