import type { EntityManager } from '@mikro-orm/postgresql';

import type { Viewer } from './report-queries.ts';
import { visibleTo } from './report-queries.ts';
import type { Schedule } from './schedule-entity.ts';
import { ScheduleEntity } from './schedule-entity.ts';

/** The schedules among these ids that the viewer may see. */
export function findSchedules(
  em: EntityManager,
  viewer: Viewer,
  scheduleIds: readonly string[],
): Promise<Schedule[]> {
  return em.find(ScheduleEntity, { ...visibleTo(viewer), id: { $in: [...scheduleIds] } });
}

/** A page of the visible schedules, newest first. */
export function listSchedules(
  em: EntityManager,
  viewer: Viewer,
  { limit, after }: { limit: number; after: { at: Date; id: string } | null },
): Promise<Schedule[]> {
  const older =
    after === null
      ? {}
      : {
          createdAt: { $lte: after.at },
          $or: [{ createdAt: { $lt: after.at } }, { id: { $lt: after.id } }],
        };
  return em.find(
    ScheduleEntity,
    { ...visibleTo(viewer), ...older },
    { orderBy: { createdAt: 'desc', id: 'desc' }, limit },
  );
}

/** The report of the latest occurrence of each schedule. */
export function lastReportIds(
  em: EntityManager,
  scheduleIds: readonly string[],
): Promise<{ scheduleId: string; reportId: string }[]> {
  return em.execute(
    `select wanted.id as "scheduleId", latest.report_id as "reportId"
     from unnest(string_to_array(?, ',')::uuid[]) wanted (id)
     cross join lateral (
       select report_id from report.schedule_occurrences
       where schedule_id = wanted.id order by occurs_at desc limit 1) latest`,
    [scheduleIds.join(',')],
  );
}
