import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';

import type { Identity } from '@quantumroute/ops/identity';
import { encodeId, newId } from '@quantumroute/schema/ids';

import { insertExperiment } from '../../test/experiments.ts';
import type { ReportService } from '../../test/report-service.ts';
import { startReportService } from '../../test/report-service.ts';
import type { Page } from '../../test/schedule-desk.ts';
import {
  CREATE,
  DELETE,
  LIST,
  UPDATE,
  inputOf,
  lastEight,
  scheduleDesk,
} from '../../test/schedule-desk.ts';
import { dispatcherOf, partnerOf } from '../../test/world.ts';

let service: ReportService;
let desk: ReturnType<typeof scheduleDesk>;

before(async () => {
  service = await startReportService();
  desk = scheduleDesk(service);
});

after(() => service?.close());

beforeEach(() => service.world.sql.query('truncate report.schedules, report.reports cascade'));

test('a schedule is created with everything filled in and its next run', async () => {
  const schedule = await desk.create({ rrule: ' freq=weekly;byday=mo;byhour=8;byminute=0' });
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
  assert.deepEqual(await desk.refusals({ kind, parameters: named(newId()) }), refusal);
  const ours = await insertExperiment(world, world.north);
  const { id, version } = await desk.create({ kind, parameters: named(ours) });
  const theirs = await insertExperiment(world, world.south);
  const input = { parameters: named(theirs) };
  const { schedule, userErrors } = await desk.change(UPDATE, { id, version, input });
  assert.equal(schedule, null);
  assert.deepEqual(
    userErrors.map(({ code, path }) => [code, path.join('.')]),
    refusal,
  );
});

test('the same key creates one schedule', async () => {
  const input = inputOf();
  const answers = await Promise.all([1, 2, 3].map(() => desk.change(CREATE, { input })));
  assert.equal(new Set(answers.map(({ schedule }) => schedule?.id)).size, 1);
  const other = await desk.change(CREATE, { input: { ...input, name: 'Other' } });
  assert.equal(other.userErrors[0]?.code, 'IDEMPOTENCY_KEY_REUSED');
});

test('every mistake is told at once, each with its path', async () => {
  const found = await desk.refusals({
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
    assert.deepEqual(await desk.refusals({ rrule }), [['INVALID', 'input.rrule']], rrule);
  }
});

test('an organization has at most 50 schedules', async () => {
  const { sql, north } = service.world;
  await desk.create();
  await sql.query(
    `insert into report.schedules select (jsonb_populate_record(template,
       jsonb_build_object('id', gen_random_uuid()))).*
     from report.schedules template, generate_series(1, 49)`,
  );
  assert.deepEqual(await desk.refusals({}), [['QUOTA_EXCEEDED', 'input']]);
  await desk.create({}, dispatcherOf(service.world.south));
  assert.equal((await desk.list()).length, 50, north.id);
});

test('an update changes what is given and needs the version that was seen', async () => {
  const { id, nextRunAt } = await desk.create();
  const renamed = await desk.change(UPDATE, { id, version: 1, input: { name: ' Renamed ' } });
  assert.deepEqual(
    [renamed.schedule?.name, renamed.schedule?.version, renamed.schedule?.nextRunAt],
    ['Renamed', 2, nextRunAt],
  );
  const stale = await desk.change(UPDATE, { id, version: 1, input: { name: 'x' } });
  assert.deepEqual(
    stale.userErrors.map(({ code, currentVersion }) => [code, currentVersion]),
    [['VERSION_CONFLICT', 2]],
  );
  const wrong = await desk.change(UPDATE, { id, version: 2, input: { rrule: 'FREQ=NEVER' } });
  assert.deepEqual(wrong.userErrors[0]?.path, ['input', 'rrule']);
});

test('an occurrence that is due is not lost by a form that sends everything again', async () => {
  const { rrule, timeZone } = inputOf();
  const { id } = await desk.create();
  await desk.dueSince(id, lastEight());
  const input = { name: 'Renamed', rrule, timeZone, isPaused: false };
  await desk.change(UPDATE, { id, version: 1, input });
  await desk.runAll();
  assert.equal((await desk.reports()).length, 1);
});

test('a paused schedule has no next run and makes nothing up afterwards', async () => {
  const { id } = await desk.create();
  await desk.dueSince(id, lastEight());
  const paused = await desk.change(UPDATE, { id, version: 1, input: { isPaused: true } });
  assert.deepEqual([paused.schedule?.isPaused, paused.schedule?.nextRunAt], [true, null]);
  await desk.runAll();
  const resumed = await desk.change(UPDATE, { id, version: 2, input: { isPaused: false } });
  assert.ok(new Date(resumed.schedule?.nextRunAt ?? '') > new Date());
  await desk.runAll();
  assert.deepEqual(await desk.reports(), []);
});

test('a deleted schedule is gone and its reports stay', async () => {
  const { id } = await desk.create();
  await desk.dueSince(id, lastEight());
  await desk.runAll();
  assert.equal(
    (await desk.change(DELETE, { id, version: 7 })).userErrors[0]?.code,
    'VERSION_CONFLICT',
  );
  assert.equal((await desk.change(DELETE, { id, version: 1 })).deletedId, id);
  assert.equal((await desk.change(DELETE, { id, version: 1 })).userErrors[0]?.code, 'NOT_FOUND');
  assert.deepEqual(
    (await desk.reports()).map(({ schedule_id }) => schedule_id),
    [null],
  );
});

test('nobody sees or changes the schedules of another organization or partner', async () => {
  const { north, south } = service.world;
  const { id } = await desk.create();
  const own = await desk.create({ name: 'Of the partner' }, partnerOf(north, 0));
  assert.deepEqual(own.subject, { __typename: 'Partner' });
  const seen = async (who: Identity) => (await desk.list(who)).map((schedule) => schedule.name);
  assert.deepEqual(await seen(desk.me()), ['Of the partner', 'Every morning']);
  assert.deepEqual(await seen(partnerOf(north, 0)), ['Of the partner']);
  for (const stranger of [dispatcherOf(south), partnerOf(north, 1)]) {
    assert.deepEqual(await seen(stranger), []);
    for (const query of [UPDATE, DELETE]) {
      const variables = { id, version: 1, ...(query === UPDATE ? { input: { name: 'x' } } : {}) };
      const { userErrors } = await desk.change(query, variables, stranger);
      assert.deepEqual(
        userErrors.map(({ code, path }) => [code, path.join('.')]),
        [['NOT_FOUND', 'id']],
      );
    }
  }
});

test('schedules come newest first, page by page', async () => {
  for (const name of ['One', 'Two', 'Three']) await desk.create({ name });
  const ask = async (first: number, from: string | null) =>
    (
      await service.data<{ reportSchedules: Page }>({
        query: LIST,
        identity: desk.me(),
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
