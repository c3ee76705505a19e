import type { EntityManager } from '@mikro-orm/postgresql';
import { LockMode } from '@mikro-orm/core';

import type { Viewer } from './report-queries.ts';
import { visibleTo } from './report-queries.ts';
import type { Schedule } from './schedule-entity.ts';
import { ScheduleEntity } from './schedule-entity.ts';

/** Schedules of the organization. Others who count wait until this transaction ends. */
export async function countSchedules(tx: EntityManager, organizationId: string): Promise<number> {
  await tx.execute('select pg_advisory_xact_lock(hashtextextended(?, 5))', [organizationId]);
  return tx.count(ScheduleEntity, { organizationId });
}

/** The schedule, if the viewer may see it, to change or delete it in this transaction. */
export function lockSchedule(
  tx: EntityManager,
  viewer: Viewer,
  id: string,
): Promise<Schedule | null> {
  return tx.findOne(
    ScheduleEntity,
    { ...visibleTo(viewer), id },
    { lockMode: LockMode.PESSIMISTIC_WRITE },
  );
}

/** The clock that occurrences are measured by. */
export async function databaseNow(em: EntityManager): Promise<Date> {
  const [row]: { epochMs: number }[] = await em.execute(
    `select (extract(epoch from now()) * 1000)::float8 as "epochMs"`,
  );
  return new Date(Math.floor(row?.epochMs ?? NaN));
}

/** A schedule that is due and in nobody else's hands; it is ours until the transaction ends. */
export async function takeDueSchedule(
  tx: EntityManager,
  except: readonly string[],
): Promise<{ schedule: Schedule; due: Date; now: Date } | null> {
  const [row]: { id: string }[] = await tx.execute(
    `select id from report.schedules
     where next_run_at <= now() and id <> all(string_to_array(?, ',')::uuid[])
     order by next_run_at limit 1 for update skip locked`,
    [except.join(',')],
  );
  if (row === undefined) return null;
  const schedule = await tx.findOneOrFail(ScheduleEntity, { id: row.id });
  const { nextRunAt: due } = schedule;
  return due == null ? null : { schedule, due, now: await databaseNow(tx) };
}

/** Gives an occurrence its report; a second one is refused by the key of the table. */
export async function recordOccurrence(
  tx: EntityManager,
  occurrence: { scheduleId: string; occursAt: Date; reportId: string },
): Promise<void> {
  const { scheduleId, occursAt, reportId } = occurrence;
  await tx.execute(
    `insert into report.schedule_occurrences (schedule_id, occurs_at, report_id)
     values (?, ?, ?)`,
    [scheduleId, occursAt, reportId],
  );
}

/** Moves a schedule on to its next occurrence; that is no change of the schedule itself. */
export async function moveOn(
  tx: EntityManager,
  scheduleId: string,
  { nextRunAt, skipped }: { nextRunAt: Date | null; skipped: number },
): Promise<void> {
  await tx.execute(
    `update report.schedules set next_run_at = ?, skipped_occurrences = skipped_occurrences + ?
     where id = ?`,
    [nextRunAt, skipped, scheduleId],
  );
}
