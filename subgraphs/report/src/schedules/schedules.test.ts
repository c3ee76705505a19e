import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, beforeEach, test } from 'node:test';

import type { Identity } from '@quantumroute/ops/identity';
import { createLogger } from '@quantumroute/ops/log';
import { decodeId, encodeId, newId } from '@quantumroute/schema/ids';

import { insertExperiment } from '../../test/experiments.ts';
import type { ReportService } from '../../test/report-service.ts';
import { startReportService } from '../../test/report-service.ts';
import { dispatcherOf, partnerOf } from '../../test/world.ts';
import { runDueSchedules } from '../worker/scheduler.ts';

let service: ReportService;
const log = createLogger({ service: 'schedules-test', level: 'silent' });

before(async () => {
  service = await startReportService();
});

after(() => service?.close());

beforeEach(() => service.world.sql.query('truncate report.schedules, report.reports cascade'));

const SCHEDULE = `schedule { id version name kind period parameters formats locale unitSystem rrule
  timeZone startsAt isPaused nextRunAt skippedOccurrences lastReport { id }
  subject { __typename } }`;
const ERRORS = `userErrors { code path message ... on VersionConflictError { currentVersion } }`;
const CREATE = `mutation ($input: ReportScheduleCreateInput!) {
  payload: reportScheduleCreate(input: $input) { ${SCHEDULE} ${ERRORS} } }`;
const UPDATE = `mutation ($id: ID!, $version: Int!, $input: ReportScheduleUpdateInput!) {
  payload: reportScheduleUpdate(id: $id, expectedVersion: $version, input: $input) {
    ${SCHEDULE} ${ERRORS} } }`;
const DELETE = `mutation ($id: ID!, $version: Int!) {
  payload: reportScheduleDelete(id: $id, expectedVersion: $version) { deletedId ${ERRORS} } }`;
const LIST = `query ($first: Int!, $after: String) { reportSchedules(first: $first, after: $after) {
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
type Page = { nodes: Schedule[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } };

const me = () => dispatcherOf(service.world.north, 'me');

async function change(
  query: string,
  variables: Record<string, unknown>,
  identity: Identity = me(),
): Promise<Payload> {
  return (await service.data<{ payload: Payload }>({ query, identity, variables })).payload;
}

function inputOf(changes: Record<string, unknown> = {}): Record<string, unknown> {
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
  const data = await service.data<{ reportSchedules: Page }>({ query: LIST, identity, variables });
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

/** The last time before now at which it was eight in Berlin, `days` earlier, as SQL. */
const lastEight = (days = 0) => `(
  select (date_trunc('day', berlin) + interval '8 hours' - ${days} * interval '1 day'
    - case when extract(hour from berlin) < 8 then interval '1 day' else interval '0' end
  ) at time zone 'Europe/Berlin' from (select now() at time zone 'Europe/Berlin' as berlin) clock)`;

function runAll(workers = 1): Promise<unknown> {
  const { publish } = service;
  return Promise.all(
    Array.from({ length: workers }, () =>
      runDueSchedules({ postgres: service.postgres, publish, log }),
    ),
  );
}

async function reports(): Promise<Row[]> {
  const { rows } = await service.world.sql.query<Row>(
    `select id, requested_by, schedule_id, period_from::text, period_to::text, time_zone
     from report.reports order by requested_at, id`,
  );
  return rows;
}

type Row = {
  id: string;
  requested_by: string;
  schedule_id: string | null;
  period_from: string;
  period_to: string;
  time_zone: string | null;
};

test('a schedule is created with everything filled in and its next run', async () => {
  const schedule = await create({ rrule: ' freq=weekly;byday=mo;byhour=8;byminute=0' });
  assert.deepEqual(schedule.parameters, {
    groupBy: 'DAY',
    minimumStops: 0,
    compareTo: 'PREVIOUS_PERIOD',
  });
  assert.deepEqual([schedule.version, schedule.isPaused, schedule.lastReport], [1, false, null]);
  assert.equal(schedule.rrule, 'FREQ=WEEKLY;BYDAY=MO;BYHOUR=8;BYMINUTE=0');
  const next = new Date(schedule.nextRunAt ?? '');
  const berlin = new Intl.DateTimeFormat('en-GB', {
    timeZone: 'Europe/Berlin',
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
  }).format(next);
  assert.equal(berlin, 'Mon 08:00');
  assert.ok(next > new Date() && next.getTime() < Date.now() + 8 * 86_400_000);
});

test('a schedule is neither created nor changed for an experiment that is not there', async () => {
  const { world } = service;
  const named = (id: string) => ({ experimentId: encodeId('experiment', id) });
  const kind = 'EXPERIMENT_OUTCOME';
  const refusal = [['NOT_FOUND', 'input.parameters.experimentId']];
  assert.deepEqual(await refusals({ kind, parameters: named(newId()) }), refusal);
  const ours = await insertExperiment(world, world.north);
  const { id, version } = await create({ kind, parameters: named(ours) });
  const theirs = await insertExperiment(world, world.south);
  const input = { parameters: named(theirs) };
  const { schedule, userErrors } = await change(UPDATE, { id, version, input });
  assert.equal(schedule, null);
  assert.deepEqual(
    userErrors.map(({ code, path }) => [code, path.join('.')]),
    refusal,
  );
});

test('the same key creates one schedule', async () => {
  const input = inputOf();
  const answers = await Promise.all([1, 2, 3].map(() => change(CREATE, { input })));
  assert.equal(new Set(answers.map(({ schedule }) => schedule?.id)).size, 1);
  const other = await change(CREATE, { input: { ...input, name: 'Other' } });
  assert.equal(other.userErrors[0]?.code, 'IDEMPOTENCY_KEY_REUSED');
});

test('every mistake is told at once, each with its path', async () => {
  const found = await refusals({
    idempotencyKey: '',
    name: ' ',
    parameters: { groupBy: 'MOON' },
    formats: [],
    rrule: 'FREQ=MINUTELY',
    timeZone: 'Mars/Base',
    startsAt: '1999-12-31T00:00:00Z',
    subjectId: 'dep_nonsense',
  });
  assert.deepEqual(
    found.toSorted((a, b) => (String(a) < String(b) ? -1 : 1)),
    [
      ['INVALID', 'input.formats'],
      ['INVALID', 'input.idempotencyKey'],
      ['INVALID', 'input.name'],
      ['INVALID', 'input.parameters.groupBy'],
      ['INVALID', 'input.rrule'],
      ['INVALID', 'input.startsAt'],
      ['INVALID', 'input.timeZone'],
      ['NOT_FOUND', 'input.subjectId'],
    ],
  );
});

test('rules that never occur, occur no more or occur too often are refused', async () => {
  for (const rrule of [
    'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30',
    'FREQ=DAILY;UNTIL=20200101T000000Z',
    'FREQ=HOURLY;BYMINUTE=0,30',
    'FREQ=WEEKLY;BYDAY=2MO',
    'nonsense',
  ]) {
    assert.deepEqual(await refusals({ rrule }), [['INVALID', 'input.rrule']], rrule);
  }
});

test('an organization has at most 50 schedules', async () => {
  const { sql, north } = service.world;
  await create();
  await sql.query(
    `insert into report.schedules select (jsonb_populate_record(template,
       jsonb_build_object('id', gen_random_uuid()))).*
     from report.schedules template, generate_series(1, 49)`,
  );
  assert.deepEqual(await refusals({}), [['QUOTA_EXCEEDED', 'input']]);
  await create({}, dispatcherOf(service.world.south));
  assert.equal((await list()).length, 50, north.id);
});

test('an update changes what is given and needs the version that was seen', async () => {
  const { id, nextRunAt } = await create();
  const renamed = await change(UPDATE, { id, version: 1, input: { name: ' Renamed ' } });
  assert.deepEqual(
    [renamed.schedule?.name, renamed.schedule?.version, renamed.schedule?.nextRunAt],
    ['Renamed', 2, nextRunAt],
  );
  const stale = await change(UPDATE, { id, version: 1, input: { name: 'x' } });
  assert.deepEqual(
    stale.userErrors.map(({ code, currentVersion }) => [code, currentVersion]),
    [['VERSION_CONFLICT', 2]],
  );
  const wrong = await change(UPDATE, { id, version: 2, input: { rrule: 'FREQ=NEVER' } });
  assert.deepEqual(wrong.userErrors[0]?.path, ['input', 'rrule']);
});

test('an occurrence that is due is not lost by a form that sends everything again', async () => {
  const { rrule, timeZone } = inputOf();
  const { id } = await create();
  await dueSince(id, lastEight());
  const input = { name: 'Renamed', rrule, timeZone, isPaused: false };
  await change(UPDATE, { id, version: 1, input });
  await runAll();
  assert.equal((await reports()).length, 1);
});

test('a paused schedule has no next run and makes nothing up afterwards', async () => {
  const { id } = await create();
  await dueSince(id, lastEight());
  const paused = await change(UPDATE, { id, version: 1, input: { isPaused: true } });
  assert.deepEqual([paused.schedule?.isPaused, paused.schedule?.nextRunAt], [true, null]);
  await runAll();
  const resumed = await change(UPDATE, { id, version: 2, input: { isPaused: false } });
  assert.ok(new Date(resumed.schedule?.nextRunAt ?? '') > new Date());
  await runAll();
  assert.deepEqual(await reports(), []);
});

test('a deleted schedule is gone and its reports stay', async () => {
  const { id } = await create();
  await dueSince(id, lastEight());
  await runAll();
  assert.equal((await change(DELETE, { id, version: 7 })).userErrors[0]?.code, 'VERSION_CONFLICT');
  assert.equal((await change(DELETE, { id, version: 1 })).deletedId, id);
  assert.equal((await change(DELETE, { id, version: 1 })).userErrors[0]?.code, 'NOT_FOUND');
  assert.deepEqual(
    (await reports()).map(({ schedule_id }) => schedule_id),
    [null],
  );
});

test('an occurrence gets one report, however many workers look at the clock', async () => {
  const { id } = await create();
  await dueSince(id, lastEight());
  await runAll(8);
  await runAll(8);
  const [report, ...more] = await reports();
  assert.deepEqual(more, []);
  const { rows } = await service.world.sql.query(
    `select from report.reports where period_from = period_to and time_zone = 'Europe/Berlin'
       and period_to = (${lastEight()} at time zone 'Europe/Berlin')::date - 1`,
  );
  assert.equal(rows.length, 1, JSON.stringify(report));
  const [schedule] = await list();
  assert.deepEqual(schedule?.lastReport?.id, encodeId('report', report?.id ?? ''));
  assert.ok(new Date(schedule?.nextRunAt ?? '') > new Date());
});

test('a report tells its schedule, and the list finds what a schedule had made', async () => {
  const { id } = await create();
  await create({ name: 'Another', kind: 'DAILY_OPERATIONS' });
  for (const schedule of await list()) await dueSince(schedule.id, lastEight());
  await runAll();
  const query = `query ($id: ID!) { all: reports { nodes { id } }
    own: reports(filter: { scheduleId: $id }) { nodes { id schedule { id name } } } }`;
  type Found = Record<'all' | 'own', { nodes: { schedule: { id: string; name: string } }[] }>;
  const found = await service.data<Found>({ query, identity: me(), variables: { id } });
  assert.equal(found.all.nodes.length, 2);
  assert.deepEqual(
    found.own.nodes.map(({ schedule }) => schedule),
    [{ id, name: 'Every morning' }],
  );
});

test('of the occurrences that were missed the latest is made up and the others are counted', async () => {
  const { id } = await create();
  await dueSince(id, lastEight(4));
  await runAll();
  assert.equal((await reports()).length, 1);
  const { rows } = await service.world.sql.query(
    `select from report.schedule_occurrences where occurs_at = ${lastEight()}`,
  );
  assert.equal(rows.length, 1);
  assert.equal((await list())[0]?.skippedOccurrences, 4);
});

test('schedules that ask for the same share the report', async () => {
  for (const name of ['One', 'Two']) await dueSince((await create({ name })).id, lastEight());
  await runAll(4);
  assert.equal((await reports()).length, 1);
  const last = (await list()).map(({ lastReport }) => lastReport?.id);
  assert.equal(new Set(last).size, 1);
  assert.ok(last[0]);
});

test('a schedule that cannot be run is in the way of no other', async () => {
  const broken = await create({ name: 'Broken' });
  const fine = await create({ name: 'Fine', kind: 'DAILY_OPERATIONS' });
  await dueSince(broken.id, lastEight(1));
  await dueSince(fine.id, lastEight());
  await service.world.sql.query(`update report.schedules set rrule = 'BROKEN' where id = $1`, [
    decodeId('schedule', broken.id),
  ]);
  await runAll();
  const names = (await list()).map(({ name, lastReport }) => [name, lastReport !== null]);
  assert.deepEqual(names, [
    ['Fine', true],
    ['Broken', false],
  ]);
});

test('the quota of requests does not stop a schedule', async () => {
  const { sql, north } = service.world;
  await sql.query(
    `insert into report.reports (id, organization_id, requested_by, kind, subject_type, subject_id,
       period_from, period_to, parameters, formats)
     select gen_random_uuid(), $1, 'x', 'DAILY_OPERATIONS', 'organization', $1, '2026-01-01',
       '2026-01-01', '{}', '{CSV}' from generate_series(1, 30)`,
    [north.id],
  );
  await dueSince((await create()).id, lastEight());
  await runAll();
  assert.equal((await reports()).length, 31);
});

test('nobody sees or changes the schedules of another organization or partner', async () => {
  const { north, south } = service.world;
  const { id } = await create();
  const own = await create({ name: 'Of the partner' }, partnerOf(north, 0));
  assert.deepEqual(own.subject, { __typename: 'Partner' });
  const seen = async (who: Identity) => (await list(who)).map((schedule) => schedule.name);
  assert.deepEqual(await seen(me()), ['Of the partner', 'Every morning']);
  assert.deepEqual(await seen(partnerOf(north, 0)), ['Of the partner']);
  for (const stranger of [dispatcherOf(south), partnerOf(north, 1)]) {
    assert.deepEqual(await seen(stranger), []);
    for (const query of [UPDATE, DELETE]) {
      const variables = { id, version: 1, ...(query === UPDATE ? { input: { name: 'x' } } : {}) };
      const { userErrors } = await change(query, variables, stranger);
      assert.deepEqual(
        userErrors.map(({ code, path }) => [code, path.join('.')]),
        [['NOT_FOUND', 'id']],
      );
    }
  }
});

test('schedules come newest first, page by page', async () => {
  for (const name of ['One', 'Two', 'Three']) await create({ name });
  const ask = async (first: number, from: string | null) =>
    (
      await service.data<{ reportSchedules: Page }>({
        query: LIST,
        identity: me(),
        variables: { first, after: from },
      })
    ).reportSchedules;
  const one = await ask(2, null);
  assert.deepEqual(
    one.nodes.map(({ name }) => name),
    ['Three', 'Two'],
  );
  const two = await ask(2, one.pageInfo.endCursor);
  assert.deepEqual([two.nodes[0]?.name, two.pageInfo.hasNextPage], ['One', false]);
});
