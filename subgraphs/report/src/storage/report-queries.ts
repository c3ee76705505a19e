import { raw } from '@mikro-orm/core';
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
  readonly scheduleId: string | null;
};

/** True when the viewer may know that the report exists. */
export function isVisible(
  viewer: Viewer,
  report: { organizationId: string; partnerId?: string | null | undefined },
): boolean {
  if (report.organizationId !== viewer.organizationId) return false;
  return viewer.partnerId === null || report.partnerId === viewer.partnerId;
}

/** True when kind and status are among those that were asked for: what a report tells by itself. */
export function meets(
  { kinds, statuses }: Pick<ReportConditions, 'kinds' | 'statuses'>,
  report: { kind: string; status: ReportStatus },
): boolean {
  return (
    (kinds === null || kinds.some((kind) => kind === report.kind)) &&
    (statuses === null || statuses.includes(report.status))
  );
}

/** The report, if the viewer may see it and it meets every condition. */
export function findListed(
  em: EntityManager,
  viewer: Viewer,
  { reportId, conditions }: { reportId: string; conditions: ReportConditions },
): Promise<Report | null> {
  return em.findOne(ReportEntity, { $and: [{ id: reportId }, listedTo(viewer, conditions)] });
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
    after: { at: Date; id: string } | null;
  },
): Promise<Report[]> {
  const { conditions, limit, after } = page;
  const older: FilterQuery<Report> =
    after === null
      ? {}
      : {
          requestedAt: { $lte: after.at },
          $or: [{ requestedAt: { $lt: after.at } }, { id: { $lt: after.id } }],
        };
  const where: FilterQuery<Report> = { $and: [listedTo(viewer, conditions), older] };
  return em.find(ReportEntity, where, { orderBy: { requestedAt: 'desc', id: 'desc' }, limit });
}

function listedTo(viewer: Viewer, conditions: ReportConditions): FilterQuery<Report> {
  const { kinds, statuses, requestedByMe, scheduleId } = conditions;
  const among = [
    ...(requestedByMe ? [{ id: { $in: raw(REQUESTED_BY, [viewer.subject]) } }] : []),
    ...(scheduleId === null ? [] : [{ id: { $in: raw(OF_SCHEDULE, [scheduleId]) } }]),
  ];
  return {
    ...visibleTo(viewer),
    ...(kinds === null ? {} : { kind: { $in: [...kinds] } }),
    ...(statuses === null ? {} : { status: { $in: [...statuses] } }),
    ...(among.length === 0 ? {} : { $and: among }),
  };
}

const REQUESTED_BY = '(select report_id from report.report_requesters where requester = ?)';
const OF_SCHEDULE = '(select report_id from report.schedule_occurrences where schedule_id = ?)';

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

/** Whose objects the viewer may see, as a condition. */
export function visibleTo({ organizationId, partnerId }: Viewer): {
  organizationId: string;
  partnerId?: string;
} {
  return partnerId === null ? { organizationId } : { organizationId, partnerId };
}
