import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Identity } from '@quantumroute/ops/identity';

import type { ReportService } from '../../test/report-service.ts';
import { startReportService } from '../../test/report-service.ts';
import { claimReport, requestReport } from '../../test/requests.ts';
import { until } from '../../test/until.ts';
import { dispatcherOf, partnerOf } from '../../test/world.ts';
import { failReport, writeProgress } from '../storage/lease-store.ts';

let service: ReportService;

before(async () => {
  service = await startReportService();
});

after(() => service?.close());

type Frame = { id: string; version: number; status: string; progress: { phase: string } };
type Stream = AsyncIterator<{
  data?: unknown;
  errors?: readonly { extensions?: object }[];
  extensions?: { live?: { position: string; gap?: string } };
}>;

const FIELDS = '{ id version status progress { phase ratio } artifacts { url } }';

async function watch(identity: Identity, id: string): Promise<Stream> {
  const query = `subscription ($id: ID!) { reportUpdated(id: $id) ${FIELDS} }`;
  const stream = await service.server.subscribe({ query, identity, variables: { id } });
  return stream[Symbol.asyncIterator]();
}

async function watchAll(
  identity: Identity,
  filter: object | null = null,
  resuming: { position?: string | null } = {},
): Promise<Stream> {
  const query = `subscription ($filter: ReportFilter) { reportsUpdated(filter: $filter) ${FIELDS} }`;
  const variables = { filter };
  const stream = await service.server.subscribe({ query, identity, variables, ...resuming });
  return stream[Symbol.asyncIterator]();
}

/** What a feed tells and where that is; without data for a mark. */
async function told(stream: Stream) {
  const { value, done } = await stream.next();
  assert.ok(!done && value.errors === undefined, JSON.stringify(value));
  const report = (value.data as { reportsUpdated: Frame } | undefined)?.reportsUpdated;
  const { position, gap } = value.extensions?.live ?? {};
  return { ...report, position: position ?? null, gap };
}

async function frame(stream: Stream, field = 'reportUpdated'): Promise<Frame> {
  const { value, done } = await stream.next();
  assert.ok(!done && value.errors === undefined, JSON.stringify(value));
  return (value.data as Record<string, Frame>)[field] as Frame;
}

/** What a worker does, step by step, from here. */
async function claim(reportId: string) {
  const claimed = await claimReport(service, reportId);
  assert.ok(claimed !== null);
  await service.publish(claimed.event);
  return { reportId, attempt: claimed.report.attempt };
}

async function enter(fence: { reportId: string; attempt: number }, phase: 'RENDERING' | 'STORING') {
  const state = { phase, ratio: 0.7, rowsRead: 1 };
  await service.publish(await writeProgress(service.postgres.fork(), fence, state));
}

const FAILURE = { code: 'INTERNAL', message: 'It broke', retryable: true } as const;

async function fail(fence: { reportId: string; attempt: number }) {
  await service.publish(await failReport(service.postgres.fork(), fence, FAILURE));
}

function openSubscriptions(field: string): Promise<number> {
  return service.metrics.openSubscriptions
    .get()
    .then(({ values }) => values.find(({ labels }) => labels.field === field)?.value ?? 0);
}

test('a subscriber gets the present state, each later one, and the end', async () => {
  const identity = dispatcherOf(service.world.north);
  const { id, reportId } = await requestReport(service, identity);
  const stream = await watch(identity, id);
  const frames = [await frame(stream)];
  const fence = await claim(reportId);
  frames.push(await frame(stream));
  await enter(fence, 'RENDERING');
  frames.push(await frame(stream));
  await fail(fence);
  frames.push(await frame(stream));
  assert.deepEqual(
    frames.map(({ version, status, progress }) => [version, status, progress.phase]),
    [
      [1, 'REQUESTED', 'WAITING'],
      [2, 'RUNNING', 'READING'],
      [3, 'RUNNING', 'RENDERING'],
      [4, 'FAILED', 'DONE'],
    ],
  );
  assert.equal((await stream.next()).done, true);
  assert.equal(await openSubscriptions('reportUpdated'), 0);
});

test('a subscriber who comes after the end gets one frame and the end', async () => {
  const identity = dispatcherOf(service.world.north);
  const { id, reportId } = await requestReport(service, identity);
  await fail(await claim(reportId));
  const stream = await watch(identity, id);
  assert.equal((await frame(stream)).status, 'FAILED');
  assert.equal((await stream.next()).done, true);
});

test('a slow subscriber gets the latest state, never an older one', async () => {
  const identity = dispatcherOf(service.world.north);
  const { id, reportId } = await requestReport(service, identity);
  const stream = await watch(identity, id);
  await frame(stream);
  const fence = await claim(reportId);
  for (const phase of ['RENDERING', 'STORING', 'RENDERING'] as const) await enter(fence, phase);
  await sleep(50);
  assert.equal((await frame(stream)).version, 5);
  await fail(fence);
  assert.equal((await frame(stream)).version, 6);
  assert.equal((await stream.next()).done, true);
});

test('a subscriber who leaves while nothing happens leaves nothing behind', async () => {
  const identity = dispatcherOf(service.world.north);
  const { id } = await requestReport(service, identity);
  const stream = await watch(identity, id);
  await frame(stream);
  const waiting = stream.next();
  await stream.return?.();
  assert.equal((await waiting).done, true);
  assert.equal(await openSubscriptions('reportUpdated'), 0);
});

test('a change while Redis was away is told when it is back', async () => {
  const identity = dispatcherOf(service.world.north);
  const { id, reportId } = await requestReport(service, identity);
  const stream = await watch(identity, id);
  await frame(stream);
  await service.redis.kill();
  const fence = await claim(reportId);
  await service.redis.start();
  assert.equal((await frame(stream)).status, 'RUNNING');
  await fail(fence);
  assert.equal((await frame(stream)).status, 'FAILED');
  assert.equal((await stream.next()).done, true);
});

test('a change that nobody published is found by the safety net', async () => {
  const identity = dispatcherOf(service.world.north);
  const { id, reportId } = await requestReport(service, identity);
  const one = await watch(identity, id);
  const all = await watchAll(identity, { status: ['RUNNING'] });
  await frame(one);
  await claimReport(service, reportId, 'silent:0');
  assert.equal((await frame(one)).status, 'RUNNING');
  assert.equal((await frame(all, 'reportsUpdated')).id, id);
  await one.return?.();
  await all.return?.();
});

test('a feed carries what passes its filter, in its latest state', async () => {
  const identity = dispatcherOf(service.world.north, 'someone');
  const old = await requestReport(service, identity);
  await sleep(50);
  const stream = await watchAll(identity, { requestedByMe: true, kind: ['DAILY_OPERATIONS'] });
  await requestReport(service, identity);
  await requestReport(service, dispatcherOf(service.world.north), { kind: 'DAILY_OPERATIONS' });
  const wanted = await requestReport(service, identity, { kind: 'DAILY_OPERATIONS' });
  const first = await frame(stream, 'reportsUpdated');
  assert.deepEqual([first.id, first.status], [wanted.id, 'REQUESTED']);
  assert.notEqual(first.id, old.id);
  const fence = await claim(wanted.reportId);
  await fail(fence);
  const next = await until(
    async () => {
      const { version, status } = await frame(stream, 'reportsUpdated');
      return status === 'FAILED' && version;
    },
    { what: 'the final state' },
  );
  assert.equal(next.value, 3);
  const waiting = stream.next();
  await stream.return?.();
  assert.equal((await waiting).done, true);
  assert.equal(await openSubscriptions('reportsUpdated'), 0);
});

test('a feed goes on after a position with what changed meanwhile, each report once', async () => {
  const identity = dispatcherOf(service.world.north, 'resumer');
  const mine = { requestedByMe: true };
  const first = await watchAll(identity, mine, { position: null });
  const { id: marked, position: beginning } = await told(first);
  assert.equal(marked, undefined);
  const reports = [];
  for (let count = 0; count < 3; count += 1) reports.push(await requestReport(service, identity));
  const [one, two, three] = reports.map(({ id }) => id);
  const { id, position } = await told(first);
  assert.equal(id, one);
  await first.return?.();
  await fail(await claim(reports[0]?.reportId ?? ''));
  const second = await watchAll(identity, mine, { position });
  const rest = [await told(second), await told(second), await told(second)];
  assert.deepEqual(
    rest.map((each) => [each.id, each.status, each.gap]),
    [
      [two, 'REQUESTED', undefined],
      [three, 'REQUESTED', undefined],
      [one, 'FAILED', undefined],
    ],
  );
  await second.return?.();
  await service.redis.flush();
  const third = await watchAll(identity, mine, { position: beginning });
  const again = [await told(third), await told(third), await told(third)];
  assert.deepEqual(
    again.map((each) => [each.id, each.status, each.gap]),
    [
      [two, 'REQUESTED', 'RESET'],
      [three, 'REQUESTED', undefined],
      [one, 'FAILED', undefined],
    ],
  );
  await third.return?.();
});

test('a feed tells what changes while Redis is away, once', async () => {
  const identity = dispatcherOf(service.world.south, 'outage');
  const feed = await watchAll(identity, null, { position: null });
  await told(feed);
  const { id, reportId } = await requestReport(service, identity);
  assert.equal((await told(feed)).id, id);
  await service.redis.kill();
  await fail(await claim(reportId));
  const ended = await told(feed);
  assert.deepEqual([ended.id, ended.status, ended.gap], [id, 'FAILED', undefined]);
  await service.redis.start();
  const next = await requestReport(service, identity);
  for (;;) {
    const later = await told(feed);
    if (later.id === next.id) break;
    assert.equal(later.id, undefined, 'only a mark of the new log');
  }
  await feed.return?.();
});

test('nobody hears of the reports of another organization or partner', async () => {
  const { north, south } = service.world;
  const own = await requestReport(service, partnerOf(north, 0));
  const strangers = [dispatcherOf(south), partnerOf(north, 1), partnerOf(south, 0)];
  for (const stranger of strangers) {
    const refused = await (await watch(stranger, own.id)).next();
    assert.match(JSON.stringify(refused.value), /NOT_FOUND/);
  }
  const feeds = await Promise.all(strangers.map((stranger) => watchAll(stranger)));
  const colleague = await watchAll(dispatcherOf(north));
  const heard: number[] = [];
  const waits = feeds.map(async (feed, index) => {
    if (!(await feed.next()).done) heard.push(index);
  });
  const fence = await claim(own.reportId);
  assert.equal((await frame(colleague, 'reportsUpdated')).id, own.id);
  await fail(fence);
  await sleep(200);
  for (const feed of [colleague, ...feeds]) await feed.return?.();
  await Promise.all(waits);
  assert.deepEqual(heard, []);
});

test('an id that names nothing is refused', async () => {
  for (const id of ['nonsense', 'rep_00000000000000000000000000']) {
    const answer = await (await watch(dispatcherOf(service.world.north), id)).next();
    assert.match(JSON.stringify(answer.value), /NOT_FOUND/);
  }
});
