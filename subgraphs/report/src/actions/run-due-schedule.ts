import type { EntityManager } from '@mikro-orm/postgresql';

import type { ReportUpdated } from '@quantumroute/schema/events';

import type { ReportParameters } from '../figures/parameters.ts';
import type { Occurrence, Recurrence } from '../schedules/recurrence.ts';
import { missedOccurrences, nextOccurrence } from '../schedules/recurrence.ts';
import { relativePeriod } from '../schedules/relative-period.ts';
import type { Schedule } from '../storage/schedule-entity.ts';
import { moveOn, recordOccurrence } from '../storage/schedule-store.ts';
import type { Wanted } from './admit-report.ts';
import { admitReport } from './admit-report.ts';

/** Freshness as of a request that says nothing about it. */
const MAX_STALENESS_SECONDS = 300;

/**
 * Asks for the report of the latest occurrence of a schedule that is ours, and moves it on to the
 * next one. Gives the event of a new report. There is no quota: nobody could try again, and how many
 * schedules an organization has is bounded.
 */
export async function runDueSchedule(
  tx: EntityManager,
  { schedule, due, now }: { schedule: Schedule; due: Date; now: Date },
): Promise<ReportUpdated | null> {
  const { rrule, timeZone, startsAt } = schedule;
  const recurrence = { rrule, timeZone, startsAt };
  const { latest, skipped } = missedOccurrences(recurrence, { due, now });
  const { reportId, event } = await admitReport(tx, wantedAt(schedule, latest), {
    maxStalenessSeconds: MAX_STALENESS_SECONDS,
    quota: null,
  });
  await recordOccurrence(tx, { scheduleId: schedule.id, occursAt: latest.at, reportId });
  await moveOn(tx, schedule.id, { nextRunAt: nextAfter(recurrence, now), skipped });
  return event;
}

function wantedAt(schedule: Schedule, { day }: Occurrence): Wanted {
  const { organizationId, createdBy, kind, subjectType, subjectId } = schedule;
  const { locale, timeZone, unitSystem } = schedule;
  const { from: periodFrom, to: periodTo } = relativePeriod(schedule.period, day);
  return {
    organizationId,
    partnerId: schedule.partnerId ?? null,
    requestedBy: createdBy,
    kind,
    subjectType,
    subjectId,
    periodFrom,
    periodTo,
    // Checked against the schema of the kind when the schedule was written.
    parameters: schedule.parameters as ReportParameters,
    formats: schedule.formats,
    presentation: { locale, timeZone, unitSystem },
    scheduleId: schedule.id,
  };
}

/** A rule of which no occurrence can be found any more has ended. */
function nextAfter(recurrence: Recurrence, now: Date): Date | null {
  try {
    return nextOccurrence(recurrence, now)?.at ?? null;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
