import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';

import type { Identity } from '@quantumroute/ops/identity';
import { createLogger } from '@quantumroute/ops/log';
import { decodeId } from '@quantumroute/schema/ids';

import { runDueSchedules } from '../src/worker/scheduler.ts';
import type { ReportService } from './report-service.ts';
import { dispatcherOf } from './world.ts';

const SCHEDULE = `schedule { id version name kind period parameters formats locale unitSystem rrule
  timeZone startsAt isPaused nextRunAt skippedOccurrences lastReport { id }
  subject { __typename } }`;
const ERRORS = `userErrors { code path message ... on VersionConflictError { currentVersion } }`;
export const CREATE = `mutation ($input: ReportScheduleCreateInput!) {
  payload: reportScheduleCreate(input: $input) { ${SCHEDULE} ${ERRORS} } }`;
export const UPDATE = `mutation ($id: ID!, $version: Int!, $input: ReportScheduleUpdateInput!) {
  payload: reportScheduleUpdate(id: $id, expectedVersion: $version, input: $input) {
    ${SCHEDULE} ${ERRORS} } }`;
export const DELETE = `mutation ($id: ID!, $version: Int!) {
  payload: reportScheduleDelete(id: $id, expectedVersion: $version) { deletedId ${ERRORS} } }`;
export const LIST = `query ($first: Int!, $after: String) { reportSchedules(first: $first, after: $after) {
  nodes { id name nextRunAt skippedOccurrences lastReport { id periodFrom periodTo } }
  pageInfo { hasNextPage endCursor } } }`;

type Schedule = {
  id: string;
  version: number;
  name: string;
  nextRunAt: string | null;
  isPaused: boolean;
  skippedOccurrences: number;
  lastReport: { id: string; periodFrom: string; periodTo: string } | null;
  [field: string]: unknown;
};
type Payload = {
  schedule: Schedule | null;
  deletedId?: string | null;
  userErrors: { code: string; path: string[]; message: string; currentVersion?: number }[];
};
export type Page = {
  nodes: Schedule[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
};

type ReportRow = {
  id: string;
  requested_by: string;
  schedule_id: string | null;
  period_from: string;
  period_to: string;
  time_zone: string | null;
};

const log = createLogger({ service: 'schedules-test', level: 'silent' });

/** The last time before now at which it was eight in Berlin, `days` earlier, as SQL. */
export const lastEight = (days = 0) => `(
  select (date_trunc('day', berlin) + interval '8 hours' - ${days} * interval '1 day'
    - case when extract(hour from berlin) < 8 then interval '1 day' else interval '0' end
  ) at time zone 'Europe/Berlin' from (select now() at time zone 'Europe/Berlin' as berlin) clock)`;

export function inputOf(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    idempotencyKey: randomUUID(),
    name: 'Every morning',
    kind: 'ON_TIME_IN_FULL',
    period: 'PREVIOUS_DAY',
    rrule: 'FREQ=DAILY;BYHOUR=8;BYMINUTE=0',
    timeZone: 'Europe/Berlin',
    ...changes,
  };
}

/** The hands of a dispatcher of the first organization, and a clock for his schedules. */
export function scheduleDesk(service: ReportService) {
  const me = () => dispatcherOf(service.world.north, 'me');

  async function change(
    query: string,
    variables: Record<string, unknown>,
    identity: Identity = me(),
  ): Promise<Payload> {
    return (await service.data<{ payload: Payload }>({ query, identity, variables })).payload;
  }

  async function create(
    changes: Record<string, unknown> = {},
    identity: Identity = me(),
  ): Promise<Schedule> {
    const { schedule, userErrors } = await change(CREATE, { input: inputOf(changes) }, identity);
    return schedule ?? assert.fail(JSON.stringify(userErrors));
  }

  async function refusals(changes: Record<string, unknown>): Promise<[string, string][]> {
    const { schedule, userErrors } = await change(CREATE, { input: inputOf(changes) });
    assert.equal(schedule, null);
    return userErrors.map(({ code, path }) => [code, path.join('.')]);
  }

  async function list(identity: Identity = me()): Promise<Schedule[]> {
    const variables = { first: 50 };
    const data = await service.data<{ reportSchedules: Page }>({
      query: LIST,
      identity,
      variables,
    });
    return data.reportSchedules.nodes;
  }

  /** As if the schedule had been due since then. */
  async function dueSince(id: string, since: string): Promise<void> {
    await service.world.sql.query(
      `update report.schedules set next_run_at = ${since}, starts_at = '2026-01-01T07:00:00Z'
       where id = $1`,
      [decodeId('schedule', id)],
    );
  }

  function runAll(workers = 1): Promise<unknown> {
    const { publish } = service;
    return Promise.all(
      Array.from({ length: workers }, () =>
        runDueSchedules({ postgres: service.postgres, publish, log }),
      ),
    );
  }

  async function reports(): Promise<ReportRow[]> {
    const { rows } = await service.world.sql.query<ReportRow>(
      `select id, requested_by, schedule_id, period_from::text, period_to::text, time_zone
       from report.reports order by requested_at, id`,
    );
    return rows;
  }

  return { me, change, create, refusals, list, dueSince, runAll, reports };
}
