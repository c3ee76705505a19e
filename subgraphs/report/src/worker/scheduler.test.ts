import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';

import { decodeId, encodeId } from '@quantumroute/schema/ids';

import type { ReportService } from '../../test/report-service.ts';
import { startReportService } from '../../test/report-service.ts';
import { lastEight, scheduleDesk } from '../../test/schedule-desk.ts';

let service: ReportService;
let desk: ReturnType<typeof scheduleDesk>;

before(async () => {
  service = await startReportService();
  desk = scheduleDesk(service);
});

after(() => service?.close());

beforeEach(() => service.world.sql.query('truncate report.schedules, report.reports cascade'));

test('an occurrence gets one report, however many workers look at the clock', async () => {
  const { id } = await desk.create();
  await desk.dueSince(id, lastEight());
  await desk.runAll(8);
  await desk.runAll(8);
  const [report, ...more] = await desk.reports();
  assert.deepEqual(more, []);
  const { rows } = await service.world.sql.query(
    `select from report.reports where period_from = period_to and time_zone = 'Europe/Berlin'
       and period_to = (${lastEight()} at time zone 'Europe/Berlin')::date - 1`,
  );
  assert.equal(rows.length, 1, JSON.stringify(report));
  const [schedule] = await desk.list();
  assert.deepEqual(schedule?.lastReport?.id, encodeId('report', report?.id ?? ''));
  assert.ok(new Date(schedule?.nextRunAt ?? '') > new Date());
});

test('a report tells its schedule, and the list finds what a schedule had made', async () => {
  const { id } = await desk.create();
  await desk.create({ name: 'Another', kind: 'DAILY_OPERATIONS' });
  for (const schedule of await desk.list()) await desk.dueSince(schedule.id, lastEight());
  await desk.runAll();
  const query = `query ($id: ID!) { all: reports { nodes { id } }
    own: reports(filter: { scheduleId: $id }) { nodes { id schedule { id name } } } }`;
  type Found = Record<'all' | 'own', { nodes: { schedule: { id: string; name: string } }[] }>;
  const found = await service.data<Found>({ query, identity: desk.me(), variables: { id } });
  assert.equal(found.all.nodes.length, 2);
  assert.deepEqual(
    found.own.nodes.map(({ schedule }) => schedule),
    [{ id, name: 'Every morning' }],
  );
});

test('of the occurrences that were missed the latest is made up and the others are counted', async () => {
  const { id } = await desk.create();
  await desk.dueSince(id, lastEight(4));
  await desk.runAll();
  assert.equal((await desk.reports()).length, 1);
  const { rows } = await service.world.sql.query(
    `select from report.schedule_occurrences where occurs_at = ${lastEight()}`,
  );
  assert.equal(rows.length, 1);
  assert.equal((await desk.list())[0]?.skippedOccurrences, 4);
});

test('schedules that ask for the same share the report', async () => {
  for (const name of ['One', 'Two'])
    await desk.dueSince((await desk.create({ name })).id, lastEight());
  await desk.runAll(4);
  assert.equal((await desk.reports()).length, 1);
  const last = (await desk.list()).map(({ lastReport }) => lastReport?.id);
  assert.equal(new Set(last).size, 1);
  assert.ok(last[0]);
});

test('a schedule that cannot be run is in the way of no other', async () => {
  const broken = await desk.create({ name: 'Broken' });
  const fine = await desk.create({ name: 'Fine', kind: 'DAILY_OPERATIONS' });
  await desk.dueSince(broken.id, lastEight(1));
  await desk.dueSince(fine.id, lastEight());
  await service.world.sql.query(`update report.schedules set rrule = 'BROKEN' where id = $1`, [
    decodeId('schedule', broken.id),
  ]);
  await desk.runAll();
  const names = (await desk.list()).map(({ name, lastReport }) => [name, lastReport !== null]);
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
  await desk.dueSince((await desk.create()).id, lastEight());
  await desk.runAll();
  assert.equal((await desk.reports()).length, 31);
});
