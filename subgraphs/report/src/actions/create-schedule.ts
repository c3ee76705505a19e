import type { EntityManager } from '@mikro-orm/postgresql';

import { RefusedError, idempotent } from '@quantumroute/ops/idempotency';
import type { Identity } from '@quantumroute/ops/identity';
import type { UserError } from '@quantumroute/ops/user-errors';
import { userError } from '@quantumroute/ops/user-errors';
import { newId } from '@quantumroute/schema/ids';

import type { ReportScheduleCreateInput } from '../resolvers/schema-types.ts';
import type { Viewer } from '../storage/report-queries.ts';
import { ScheduleEntity } from '../storage/schedule-entity.ts';
import { countSchedules, databaseNow } from '../storage/schedule-store.ts';
import { keyErrors } from './check-request.ts';
import type { CheckedSchedule } from './check-schedule.ts';
import { checkSchedule } from './check-schedule.ts';
import { requireExisting } from './require-existing.ts';
import { viewerOf } from './viewer.ts';

/** Schedules of one organization; with hourly rules they ask for so many reports an hour. */
const MAX_SCHEDULES = 50;
/** Nobody will delete one meanwhile. */
const RETRY_AFTER_SECONDS = 3_600;

/** Adds a schedule, once per idempotency key. */
export async function createSchedule(
  { em, identity }: { em: EntityManager; identity: Identity },
  input: ReportScheduleCreateInput,
): Promise<{ scheduleId: string } | { userErrors: readonly UserError[] }> {
  const viewer = viewerOf(identity);
  const now = await databaseNow(em);
  const { isPaused = false, startsAt } = input;
  const read = checkSchedule({ ...input, isPaused, startsAt: startsAt ?? now }, viewer, now);
  const userErrors = [...keyErrors(input), ...('userErrors' in read ? read.userErrors : [])];
  if (userErrors.length > 0 || 'userErrors' in read) return { userErrors };
  const { idempotencyKey: key, ...body } = input;
  try {
    const result = await idempotent(
      { em, identity, operation: 'reportScheduleCreate', key, body },
      (tx) => insert(tx, { viewer, input, now, ...read }),
    );
    if (result.kind === 'done') return { scheduleId: result.value };
    return { userErrors: [userError.keyReused(['input', 'idempotencyKey'])] };
  } catch (error) {
    if (error instanceof RefusedError) return { userErrors: error.userErrors };
    throw error;
  }
}

async function insert(
  tx: EntityManager,
  wanted: {
    viewer: Viewer;
    input: ReportScheduleCreateInput;
    now: Date;
    checked: CheckedSchedule;
  },
): Promise<string> {
  const { viewer, input, now, checked } = wanted;
  const { organizationId, partnerId, subject: createdBy } = viewer;
  const { subject, presentation, recurrence } = checked;
  const { type, id: subjectId } = subject;
  await requireExisting(tx, organizationId, checked);
  if ((await countSchedules(tx, organizationId)) >= MAX_SCHEDULES) {
    throw new RefusedError([userError.quotaExceeded(['input'], RETRY_AFTER_SECONDS)]);
  }
  const { name, period, parameters, formats, nextRunAt } = checked;
  const { kind, isPaused = false } = input;
  const { locale, unitSystem } = presentation;
  const owner = { organizationId, partnerId, createdBy };
  const contents = {
    kind,
    subjectType: type,
    subjectId,
    period,
    parameters,
    formats: [...formats],
  };
  const schedule = tx.create(ScheduleEntity, {
    id: newId(),
    ...owner,
    ...contents,
    ...recurrence,
    name,
    locale,
    unitSystem,
    isPaused,
    nextRunAt,
    createdAt: now,
  });
  tx.persist(schedule);
  return schedule.id;
}
