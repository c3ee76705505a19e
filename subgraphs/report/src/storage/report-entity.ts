import { defineEntity, p } from '@mikro-orm/core';
import type { InferEntity } from '@mikro-orm/core';

import { REPORT_STATUSES } from '@quantumroute/schema/events';

import type { ChartSpec } from '../figures/chart.ts';
import type { ReportColumn } from '../figures/column.ts';
import type { KpiValue } from '../figures/kpi-value.ts';
import { FAILURE_CODES } from '../worker/report-failure.ts';

export const SUBJECT_TYPES = ['organization', 'partner', 'depot'] as const;
export const REPORT_PHASES = [
  'WAITING',
  'READING',
  'AGGREGATING',
  'RENDERING',
  'STORING',
  'DONE',
] as const;
export const REPORT_FORMATS = ['CSV', 'JSONL', 'XLSX', 'HTML', 'PDF'] as const;
export const REPORT_KINDS = [
  'DAILY_OPERATIONS',
  'ON_TIME_IN_FULL',
  'COST_TO_SERVE',
  'FLEET_UTILIZATION',
  'DWELL_AND_DETENTION',
  'DRIVER_SCORECARD',
  'EXCEPTIONS',
  'EMISSIONS',
  'PLAN_VS_ACTUAL',
  'ETA_ACCURACY',
  'EXPERIMENT_OUTCOME',
  'ORDER_EXPORT',
] as const;
export const UNIT_SYSTEMS = ['METRIC', 'IMPERIAL'] as const;

export type SubjectType = (typeof SUBJECT_TYPES)[number];
export type ReportPhase = (typeof REPORT_PHASES)[number];
export type ReportFormat = (typeof REPORT_FORMATS)[number];
export type UnitSystem = (typeof UNIT_SYSTEMS)[number];
export type ReportKind = (typeof REPORT_KINDS)[number];

/** One report: its request, its life and its result. This row is the truth about all three. */
export const ReportEntity = defineEntity({
  name: 'Report',
  schema: 'report',
  tableName: 'reports',
  properties: {
    id: p.uuid().primary(),
    organizationId: p.uuid(),
    partnerId: p.uuid().nullable(),
    requestedBy: p.text(),
    fingerprint: p.text(),
    scheduleId: p.uuid().nullable(),
    kind: p.enum(REPORT_KINDS),
    subjectType: p.enum(SUBJECT_TYPES),
    subjectId: p.uuid(),
    periodFrom: p.date(),
    periodTo: p.date(),
    parameters: p.json<Record<string, unknown>>(),
    formats: p.array<ReportFormat>(),
    locale: p.text().default('en'),
    timeZone: p.text().nullable(),
    unitSystem: p.enum(UNIT_SYSTEMS).default('METRIC'),
    status: p.enum(REPORT_STATUSES).default('REQUESTED'),
    phase: p.enum(REPORT_PHASES).default('WAITING'),
    ratio: p.float().default(0),
    rowsRead: p.bigint('number').default(0),
    storedRows: p.integer().default(0),
    attempt: p.integer().default(0),
    handedOver: p.integer().default(0),
    workerId: p.text().nullable(),
    leaseUntil: p.datetime().nullable(),
    heartbeatAt: p.datetime().nullable(),
    dataAsOf: p.datetime().nullable(),
    columns: p.json<ReportColumn[]>().default('[]'),
    totals: p.json<KpiValue[]>().default('[]'),
    charts: p.json<ChartSpec[]>().default('[]'),
    failureCode: p.enum(FAILURE_CODES).nullable(),
    failureMessage: p.text().nullable(),
    failureRetryable: p.boolean().nullable(),
    version: p.integer().default(1),
    requestedAt: p.datetime(),
    startedAt: p.datetime().nullable(),
    finishedAt: p.datetime().nullable(),
    expiresAt: p.datetime().nullable(),
    changedAt: p.datetime(),
  },
});

export type Report = InferEntity<typeof ReportEntity>;
