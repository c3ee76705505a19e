import type { EntityManager } from '@mikro-orm/postgresql';

import type { Identity } from '@quantumroute/ops/identity';
import type { UserError } from '@quantumroute/ops/user-errors';
import { RefusedError, userError } from '@quantumroute/ops/user-errors';
import { decodeId, encodeId } from '@quantumroute/schema/ids';

import type { MutationReportScheduleUpdateArgs } from '../resolvers/schema-types.ts';
import type { Recurrence } from '../schedules/recurrence.ts';
import type { Viewer } from '../storage/report-queries.ts';
import type { Schedule } from '../storage/schedule-entity.ts';
import { databaseNow, lockSchedule } from '../storage/schedule-store.ts';
import type { ScheduleInput } from './check-schedule.ts';
import { checkSchedule } from './check-schedule.ts';
import { requireExperiment } from './require-existing.ts';
import { viewerOf } from './viewer.ts';

type Caller = { em: EntityManager; identity: Identity };

type Outcome = { scheduleId: string } | { userErrors: readonly UserError[] };

/** Changes what is given, if the schedule is still what the caller has seen. */
export function updateSchedule(
  { em, identity }: Caller,
  { id, expectedVersion, input }: MutationReportScheduleUpdateArgs,
): Promise<Outcome> {
  const viewer = viewerOf(identity);
  return orRefused(() =>
    em.transactional(async (tx) => {
      const schedule = await expectedSchedule(tx, viewer, { id, expectedVersion });
      const now = await databaseNow(tx);
      const read = checkSchedule(merged(schedule, input), viewer, now);
      if ('userErrors' in read) throw new RefusedError(read.userErrors);
      await requireExperiment(tx, viewer.organizationId, read.checked.parameters);
      const { name, period, parameters, formats, presentation, recurrence, nextRunAt } =
        read.checked;
      const { locale, unitSystem } = presentation;
      const changed = { name, period, parameters, formats: [...formats], locale, unitSystem };
      const time = { ...recurrence, isPaused: input.isPaused ?? schedule.isPaused };
      Object.assign(schedule, changed, time, {
        // An occurrence that is due and that nobody has begun is not lost by a new name.
        nextRunAt: changesTime(schedule, time) ? nextRunAt : schedule.nextRunAt,
        version: schedule.version + 1,
      });
      return schedule.id;
    }),
  );
}

/** Deletes a schedule, if it is still what the caller has seen; its reports stay. */
export function deleteSchedule(
  { em, identity }: Caller,
  expected: { id: string; expectedVersion: number },
): Promise<Outcome> {
  const viewer = viewerOf(identity);
  return orRefused(() =>
    em.transactional(async (tx) => {
      const schedule = await expectedSchedule(tx, viewer, expected);
      tx.remove(schedule);
      return schedule.id;
    }),
  );
}

async function expectedSchedule(
  tx: EntityManager,
  viewer: Viewer,
  { id, expectedVersion }: { id: string; expectedVersion: number },
): Promise<Schedule> {
  const scheduleId = decodeId('schedule', id);
  const schedule = scheduleId === null ? null : await lockSchedule(tx, viewer, scheduleId);
  if (schedule === null) throw new RefusedError([userError.notFound(['id'], 'schedule')]);
  if (schedule.version === expectedVersion) return schedule;
  throw new RefusedError([userError.versionConflict(['expectedVersion'], schedule.version)]);
}

type Changes = MutationReportScheduleUpdateArgs['input'];

/** Forms send everything: what stays as it was is no change. */
function changesTime(schedule: Schedule, wanted: Recurrence & { isPaused: boolean }): boolean {
  return (
    wanted.rrule !== schedule.rrule ||
    wanted.timeZone !== schedule.timeZone ||
    wanted.startsAt.getTime() !== schedule.startsAt.getTime() ||
    wanted.isPaused !== schedule.isPaused
  );
}

/** The schedule as it would be; null counts as left out. */
function merged(schedule: Schedule, changes: Changes): ScheduleInput {
  const { kind, subjectType, subjectId } = schedule;
  return {
    kind,
    subjectId: encodeId(subjectType, subjectId),
    name: changes.name ?? schedule.name,
    period: changes.period ?? schedule.period,
    parameters: changes.parameters ?? schedule.parameters,
    formats: changes.formats ?? schedule.formats,
    locale: changes.locale ?? schedule.locale,
    unitSystem: changes.unitSystem ?? schedule.unitSystem,
    rrule: changes.rrule ?? schedule.rrule,
    timeZone: changes.timeZone ?? schedule.timeZone,
    startsAt: changes.startsAt ?? schedule.startsAt,
    isPaused: changes.isPaused ?? schedule.isPaused,
  };
}

async function orRefused(run: () => Promise<string>): Promise<Outcome> {
  try {
    return { scheduleId: await run() };
  } catch (error) {
    if (error instanceof RefusedError) return { userErrors: error.userErrors };
    throw error;
  }
}
