import { defineEntity, p } from '@mikro-orm/core';
import type { InferEntity } from '@mikro-orm/core';

import type { ReportFormat } from './report-entity.ts';
import { REPORT_KINDS, SUBJECT_TYPES, UNIT_SYSTEMS } from './report-entity.ts';

export const SCHEDULE_PERIODS = [
  'PREVIOUS_DAY',
  'PREVIOUS_WEEK',
  'PREVIOUS_MONTH',
  'MONTH_TO_DATE',
] as const;

export type SchedulePeriod = (typeof SCHEDULE_PERIODS)[number];

/** A rule by which the same report is made again and again. */
export const ScheduleEntity = defineEntity({
  name: 'ReportSchedule',
  schema: 'report',
  tableName: 'schedules',
  properties: {
    id: p.uuid().primary(),
    organizationId: p.uuid(),
    partnerId: p.uuid().nullable(),
    createdBy: p.text(),
    name: p.text(),
    kind: p.enum(REPORT_KINDS),
    subjectType: p.enum(SUBJECT_TYPES),
    subjectId: p.uuid(),
    period: p.enum(SCHEDULE_PERIODS),
    parameters: p.json<Record<string, unknown>>(),
    formats: p.array<ReportFormat>(),
    locale: p.text(),
    unitSystem: p.enum(UNIT_SYSTEMS),
    rrule: p.text(),
    timeZone: p.text(),
    startsAt: p.datetime(),
    isPaused: p.boolean(),
    nextRunAt: p.datetime().nullable(),
    skippedOccurrences: p.integer().default(0),
    version: p.integer().default(1),
    createdAt: p.datetime(),
  },
});

export type Schedule = InferEntity<typeof ScheduleEntity>;
