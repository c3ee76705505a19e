import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';

import type { Identity } from '@quantumroute/ops/identity';
import { decodeId } from '@quantumroute/schema/ids';

import type { ReportService } from '../../test/report-service.ts';
import { startReportService } from '../../test/report-service.ts';
import { inputOf } from '../../test/requests.ts';
import { dispatcherOf, partnerOf } from '../../test/world.ts';

let service: ReportService;

before(async () => {
  service = await startReportService();
});

after(() => service?.close());

const REQUEST = `mutation ($input: ReportRequestInput!) { reportRequest(input: $input) {
  reused report { id status fingerprint } userErrors { code path } } }`;

type Answer = {
  reused: boolean;
  report: { id: string; status: string; fingerprint: string };
  userErrors: { code: string; path: string[] }[];
};

async function ask(identity: Identity, input: Record<string, unknown>): Promise<Answer> {
  const variables = { input: { ...input, idempotencyKey: randomUUID() } };
  type Data = { reportRequest: Answer };
  return (await service.data<Data>({ query: REQUEST, identity, variables })).reportRequest;
}

/** The report ends; its numbers are so old, and the facts have caught up with now. */
async function finish(id: string, { status = 'SUCCEEDED', ageSeconds = 0 } = {}): Promise<void> {
  await service.world.sql.query(
    `update report.reports set status = $2, phase = 'DONE', started_at = requested_at,
       finished_at = now(), expires_at = now() + interval '1 day', attempt = 1,
       data_as_of = now() - $3 * interval '1 second',
       failure_code = case when $2 = 'FAILED' then 'INTERNAL' end
     where id = $1`,
    [decodeId('report', id), status, ageSeconds],
  );
  await service.world.sql.query('update report.projection set consumed_until = now()');
}

const me = () => dispatcherOf(service.world.north, 'me');
const colleague = () => dispatcherOf(service.world.north, 'colleague');

test('the same request finds the report that is being made, however it is written', async () => {
  const input = inputOf({
    parameters: { groupBy: 'DAY', minimumStops: 0 },
    formats: ['CSV', 'HTML'],
  });
  const first = await ask(me(), input);
  assert.equal(first.reused, false);
  const again = await ask(colleague(), {
    ...input,
    parameters: { compareTo: 'PREVIOUS_PERIOD', minimumStops: 0 },
    formats: ['HTML', 'CSV', 'HTML'],
    locale: 'en',
    maxStalenessSeconds: 0,
  });
  assert.deepEqual([again.reused, again.report], [true, first.report]);
});

test('the order of several choices makes no other report', async () => {
  const input = inputOf({ kind: 'EXCEPTIONS' });
  const of = (...exceptions: string[]) => ask(me(), { ...input, parameters: { exceptions } });
  const first = await of('LATE', 'FAILED');
  assert.equal((await of('FAILED', 'LATE')).report.id, first.report.id);
  assert.equal((await of('FAILED')).reused, false);
});

test('whatever changes numbers or files makes another report', async () => {
  const { north } = service.world;
  const input = inputOf();
  const ids = [(await ask(me(), input)).report.id];
  for (const change of [
    { kind: 'DAILY_OPERATIONS' },
    { parameters: { minimumStops: 1 } },
    { formats: ['HTML'] },
    { locale: 'de' },
    { timeZone: 'America/New_York' },
    { unitSystem: 'IMPERIAL' },
    { period: { from: '2026-01-01', to: '2026-01-02' } },
  ]) {
    const { report, reused } = await ask(me(), { ...input, ...change });
    assert.equal(reused, false, JSON.stringify(change));
    ids.push(report.id);
  }
  assert.equal(new Set(ids).size, 8);
  await service.world.sql.query(`delete from report.reports where organization_id = $1`, [
    north.id,
  ]);
});

test('only who sees the same numbers gets the same report', async () => {
  const { north, south } = service.world;
  const input = inputOf();
  const callers = [me(), partnerOf(north, 0), partnerOf(north, 1), dispatcherOf(south)];
  const answers = [];
  for (const caller of callers) answers.push(await ask(caller, input));
  assert.ok(answers.every(({ reused }) => !reused));
  assert.equal(new Set(answers.map(({ report }) => report.id)).size, 4);
  assert.equal(new Set(answers.map(({ report }) => report.fingerprint)).size, 4);
});

test('a finished report answers while its numbers are young enough', async () => {
  const input = inputOf();
  const first = await ask(me(), input);
  await finish(first.report.id, { ageSeconds: 200 });
  await service.world.sql.query(`update report.projection set consumed_until = 'epoch'`);
  assert.equal((await ask(colleague(), input)).report.id, first.report.id);
  const younger = await ask(colleague(), { ...input, maxStalenessSeconds: 100 });
  assert.equal(younger.reused, false);
});

test('a finished report answers as long as nothing that it covers changed', async () => {
  const { sql, north, south } = service.world;
  const input = inputOf({ period: { from: '2026-06-10', to: '2026-06-12' } });
  const first = await ask(me(), input);
  await finish(first.report.id, { ageSeconds: 4_000 });
  const isReused = async () => {
    const { reused, report } = await ask(me(), input);
    if (reused) assert.equal(report.id, first.report.id);
    else
      await sql.query('delete from report.reports where id = $1', [decodeId('report', report.id)]);
    return reused;
  };
  const dirty = (organizationId: string, day: string) =>
    sql.query('insert into report.dirty_days values ($1, $2, now())', [organizationId, day]);
  const computed = (day: string, secondsAgo: number) =>
    sql.query(
      `insert into report.day_states (organization_id, service_date, computed_at)
       values ($1, $2, now() - $3 * interval '1 second')`,
      [north.id, day, secondsAgo],
    );
  assert.equal(await isReused(), true);
  await dirty(north.id, '2026-06-13');
  await dirty(south.id, '2026-06-11');
  await computed('2026-06-11', 5_000);
  assert.equal(await isReused(), true, 'other days, other organizations, older changes');
  await dirty(north.id, '2026-06-12');
  assert.equal(await isReused(), false, 'a day that waits to be summed');
  await sql.query('delete from report.dirty_days');
  await computed('2026-06-10', 60);
  assert.equal(await isReused(), false, 'a day that was summed since');
  await sql.query('delete from report.day_states');
  await computed('2026-06-08', 60);
  assert.equal(await isReused(), false, 'a day that it compares with');
  await sql.query('delete from report.day_states');
  await sql.query(`update report.projection set consumed_until = now() - interval '1 hour'`);
  assert.equal(await isReused(), false, 'nobody knows what happened in the last hour');
});

test('a report of more than facts answers while it is young enough only', async () => {
  for (const kind of ['FLEET_UTILIZATION', 'ORDER_EXPORT']) {
    const input = inputOf({ kind });
    const { report } = await ask(me(), input);
    await finish(report.id, { ageSeconds: 200 });
    assert.equal((await ask(me(), input)).reused, true, kind);
    await finish(report.id, { ageSeconds: 400 });
    assert.equal((await ask(me(), input)).reused, false, kind);
  }
});

test('a report of yesterday is made anew, since names may have changed', async () => {
  const input = inputOf();
  const { report } = await ask(me(), input);
  await finish(report.id, { ageSeconds: 4_000 });
  await service.world.sql.query(
    `update report.reports set finished_at = now() - interval '25 hours' where id = $1`,
    [decodeId('report', report.id)],
  );
  assert.equal((await ask(me(), input)).reused, false);
});

test('a report that is about to expire answers nobody', async () => {
  const input = inputOf({ period: { from: '2026-06-20', to: '2026-06-21' } });
  const first = await ask(me(), input);
  await finish(first.report.id);
  assert.equal((await ask(me(), input)).reused, true);
  await service.world.sql.query(
    `update report.reports set expires_at = now() + interval '59 minutes' where id = $1`,
    [decodeId('report', first.report.id)],
  );
  assert.equal((await ask(me(), input)).reused, false);
});

test('a report that failed or was canceled answers nobody', async () => {
  for (const status of ['FAILED', 'CANCELED']) {
    const input = inputOf();
    await finish((await ask(me(), input)).report.id, { status });
    assert.equal((await ask(me(), input)).reused, false);
  }
});

test('the reports that I asked for are those that others asked for before, too', async () => {
  const input = inputOf();
  const { report } = await ask(me(), input);
  const newcomer = dispatcherOf(service.world.north, 'newcomer');
  type Mine = { reports: { nodes: { id: string }[] } };
  const query = '{ reports(first: 100, filter: { requestedByMe: true }) { nodes { id } } }';
  const mine = async () =>
    (await service.data<Mine>({ query, identity: newcomer })).reports.nodes.map(({ id }) => id);
  assert.deepEqual(await mine(), []);
  await ask(newcomer, input);
  assert.deepEqual(await mine(), [report.id]);
});

test('a staleness beyond a day is refused', async () => {
  for (const maxStalenessSeconds of [-1, 86_401]) {
    const { userErrors } = await ask(me(), inputOf({ maxStalenessSeconds }));
    assert.deepEqual(userErrors, [{ code: 'INVALID', path: ['input', 'maxStalenessSeconds'] }]);
  }
});

const CANCEL = `mutation ($id: ID!) { reportCancel(id: $id) {
  report { status } userErrors { code } } }`;

async function cancel(identity: Identity, id: string): Promise<string | undefined> {
  type Data = { reportCancel: { report: { status: string } | null } };
  const { reportCancel } = await service.data<Data>({
    query: CANCEL,
    identity,
    variables: { id },
  });
  return reportCancel.report?.status;
}

test('a report that several asked for ends when the last of them cancels', async () => {
  const input = inputOf();
  const { report } = await ask(me(), input);
  await ask(colleague(), input);
  assert.equal(
    await cancel(dispatcherOf(service.world.north, 'bystander'), report.id),
    'REQUESTED',
  );
  assert.equal(await cancel(me(), report.id), 'REQUESTED');
  assert.equal(await cancel(colleague(), report.id), 'CANCELED');
});

test('who joins again after a cancel keeps the report alive', async () => {
  const input = inputOf();
  const { report } = await ask(me(), input);
  await ask(colleague(), input);
  await cancel(me(), report.id);
  await ask(me(), input);
  assert.equal(await cancel(colleague(), report.id), 'REQUESTED');
  assert.equal(await cancel(me(), report.id), 'CANCELED');
});

test('a colleague may end what one person asked for', async () => {
  const { report } = await ask(me(), inputOf());
  assert.equal(await cancel(colleague(), report.id), 'CANCELED');
});

test('nobody joins a report in the moment in which it is canceled', async () => {
  for (let round = 0; round < 10; round += 1) {
    const input = inputOf();
    const { report } = await ask(me(), input);
    const [status, joined] = await Promise.all([cancel(me(), report.id), ask(colleague(), input)]);
    const isSame = joined.report.id === report.id;
    assert.equal(status, isSame ? 'REQUESTED' : 'CANCELED');
    await cancel(colleague(), joined.report.id);
  }
});
