import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { testRedis } from '@quantumroute/ops/local/testing';
import { createLogger } from '@quantumroute/ops/log';
import { createMetrics } from '@quantumroute/ops/metrics';
import { closeRedis, openRedis } from '@quantumroute/ops/redis';

import { createOsrm } from './osrm.ts';
import { createRoadClient } from './road-client.ts';
import { createRoadNetwork } from './road-network.ts';
import type { RoadNetworkOptions } from './road-network.ts';
import type { TableQuestion } from './road-provider.ts';
import { createSegmentCache } from './segment-cache.ts';
import { NO_WAY } from './segments.ts';
import { redisReady } from './testing/redis-ready.ts';
import { startRouter } from './testing/router-stand-in.ts';
import { placeAt, placesTo, wayBetween } from './testing/world.ts';
import { createValhalla } from './valhalla.ts';

const router = await startRouter();
const server = await testRedis();
const log = createLogger({ service: 'route', level: 'silent' });
const redis = openRedis({ url: server.url, log, role: 'commands' });
// A busy machine is no outage.
redis.options.commandTimeout = 5_000;
const never = new AbortController().signal;

before(() => redisReady(redis));
after(async () => {
  await closeRedis(redis);
  await server.stop();
  await router.close();
});
beforeEach(async () => {
  await redis.flushall();
  await resetCounts();
  router.delayMs = 0;
  router.fault = null;
  router.world.isReachable = () => true;
});

function client() {
  const metrics = createMetrics('route');
  return createRoadClient({ url: router.url, timeoutMs: 5_000, concurrency: 4, metrics });
}

function networkWith(options: Partial<RoadNetworkOptions> = {}) {
  const metrics = createMetrics('route');
  return createRoadNetwork({
    provider: createOsrm(client(), { CAR: 'driving', VAN: 'driving', CARGO_BIKE: 'cycling' }),
    cache: createSegmentCache({ redis, prefix: 'test:', ttlSeconds: 600, metrics }),
    version: '1',
    maxCoordinates: 100,
    concurrency: 4,
    followsTraffic: false,
    ...options,
  });
}

function square(count: number, changes: Partial<TableQuestion> = {}): TableQuestion {
  const places = placesTo(count);
  return { origins: places, destinations: places, profile: 'VAN', localTime: null, ...changes };
}

async function resetCounts() {
  await redis.config('RESETSTAT');
  router.questions.length = 0;
}

/** Since the counts were reset: commands of Redis (`set` inside of `eval`), questions to the router. */
async function counts() {
  const stats = await redis.info('commandstats');
  const calls = (command: string) =>
    Number(new RegExp(`cmdstat_${command}:calls=(\\d+)`).exec(stats)?.[1] ?? 0);
  return {
    mget: calls('mget'),
    eval: calls('eval'),
    set: calls('set'),
    questions: router.questions.length,
  };
}

test('a block costs one look-up, one question and one write, and then one look-up', async () => {
  const network = networkWith();
  const first = await network.table(square(30), { signal: never });
  assert.deepEqual(await counts(), { mget: 1, eval: 1, set: 870, questions: 1 });
  await resetCounts();
  assert.deepEqual(await network.table(square(30), { signal: never }), first);
  assert.deepEqual(await counts(), { mget: 1, eval: 0, set: 0, questions: 0 });
});

test('what is missing is asked for in one question, and only that is written', async () => {
  const network = networkWith();
  await network.table(square(20), { signal: never });
  await resetCounts();
  const origins = placesTo(21);
  const table = await network.table(
    { ...square(20), origins, destinations: placesTo(10) },
    { signal: never },
  );
  assert.deepEqual(await counts(), { mget: 1, eval: 1, set: 10, questions: 1 });
  assert.match(router.questions[0]?.path ?? '', /sources=0&destinations=1;2;3;4;5;6;7;8;9;10&/);
  assert.equal(table.durationSeconds.length, 210);
});

test('twenty who ask for the same at the same time share it', async () => {
  router.delayMs = 100;
  const network = networkWith();
  const asked = Array.from({ length: 20 }, () => network.table(square(30), { signal: never }));
  const tables = await Promise.all(asked);
  assert.deepEqual(await counts(), { mget: 1, eval: 1, set: 870, questions: 1 });
  for (const table of tables) assert.deepEqual(table, tables[0]);
});

test('two who ask for other tables of the same places get their own', async () => {
  router.delayMs = 100;
  const network = networkWith();
  const [a, b, c] = [placeAt(0), placeAt(1), placeAt(2)];
  const [wide, high] = await Promise.all([
    network.table({ ...square(0), origins: [a], destinations: [b, c] }, { signal: never }),
    network.table({ ...square(0), origins: [a, b], destinations: [c] }, { signal: never }),
  ]);
  assert.equal(router.questions.length, 2);
  assert.equal(wide.durationSeconds[1], high.durationSeconds[0]);
  assert.notDeepEqual(wide.durationSeconds, high.durationSeconds);
});

test('one of them may leave, and with the last one the question ends', async () => {
  router.delayMs = 400;
  const network = networkWith();
  const [one, other] = [new AbortController(), new AbortController()];
  const leaving = network.table(square(5), { signal: one.signal });
  const staying = network.table(square(5), { signal: never });
  setTimeout(() => one.abort(new Error('left')), 50);
  await assert.rejects(leaving, /left/);
  assert.equal((await staying).durationSeconds.length, 25);
  router.delayMs = 5_000;
  router.abandoned = 0;
  const alone = network.table(square(6), { signal: other.signal });
  while (router.questions.length === 1) await sleep(5);
  other.abort(new Error('left too'));
  await assert.rejects(alone, /left too/);
  while (router.abandoned === 0) await sleep(5);
});

test('a large table is cut into blocks and put together again', async () => {
  const network = networkWith({ maxCoordinates: 40 });
  const { origins } = square(90);
  const { durationSeconds, distanceMeters } = await network.table(square(90), { signal: never });
  assert.deepEqual(await counts(), { mget: 25, eval: 25, set: 8_010, questions: 25 });
  for (const [row, from] of origins.entries()) {
    for (const [column, to] of origins.entries()) {
      const { seconds, meters } = wayBetween(from, to);
      // Each end may be moved to the centre of its cell.
      assert.ok(Math.abs(durationSeconds[row * 90 + column]! - seconds) <= 3);
      assert.ok(Math.abs(distanceMeters[row * 90 + column]! - meters) <= 20);
    }
  }
});

test('places in one cell are one place', async () => {
  const nearby = { ...placeAt(0), longitude: placeAt(0).longitude + 1e-6 };
  const network = networkWith();
  const origins = [placeAt(0), nearby, placeAt(1)];
  const table = await network.table(
    { ...square(0), origins, destinations: origins },
    { signal: never },
  );
  const [to, from] = [table.durationSeconds[2]!, table.durationSeconds[6]!];
  assert.ok(to > 0 && from > 0);
  assert.deepEqual([...table.durationSeconds], [0, 0, to, 0, 0, to, from, from, 0]);
  assert.equal((await counts()).set, 2);
});

test('each version, router and name of a profile is remembered apart', async () => {
  await networkWith().table(square(5), { signal: never });
  await networkWith().table(square(5, { profile: 'CAR' }), { signal: never });
  assert.equal((await counts()).questions, 1);
  await networkWith({ version: '2' }).table(square(5), { signal: never });
  assert.equal((await counts()).questions, 2);
  await networkWith().table(square(5, { profile: 'CARGO_BIKE' }), { signal: never });
  assert.equal((await counts()).questions, 3);
  await networkWith({ provider: createValhalla(client()) }).table(square(5), { signal: never });
  assert.equal((await counts()).questions, 4);
});

test('with traffic each band of the week is remembered apart', async () => {
  const network = networkWith({ provider: createValhalla(client()), followsTraffic: true });
  const ask = (localTime: string) => network.table(square(5, { localTime }), { signal: never });
  await ask('2026-11-23T06:10');
  await ask('2026-11-24T08:50');
  assert.equal(router.questions.length, 1);
  assert.match(router.questions[0]?.body ?? '', /"value":"2026-11-25T07:30"/);
  await ask('2026-11-23T12:00');
  await ask('2026-11-28T08:00');
  assert.equal(router.questions.length, 3);
});

test('a pair without a way is remembered as that', async () => {
  router.world.isReachable = (from) => from.latitude !== placeAt(1).latitude;
  const network = networkWith();
  router.world.isReachable = () => false;
  const first = await network.table(square(3), { signal: never });
  assert.equal(first.durationSeconds[1], NO_WAY);
  router.world.isReachable = () => true;
  assert.deepEqual(await network.table(square(3), { signal: never }), first);
});

test('a failing block fails the table, and nothing of it is remembered', async () => {
  router.fault = { status: 400, text: '{"code":"InvalidOptions"}' };
  const network = networkWith({ maxCoordinates: 10 });
  await assert.rejects(network.table(square(30), { signal: never }), { fault: 'refused' });
  assert.equal((await counts()).set, 0);
  router.fault = null;
  assert.equal((await network.table(square(30), { signal: never })).durationSeconds.length, 900);
});

test('without Redis every table is asked for, and comes', async () => {
  await server.kill();
  try {
    const network = networkWith();
    router.questions.length = 0;
    await network.table(square(10), { signal: never });
    await network.table(square(10), { signal: never });
    assert.equal(router.questions.length, 2);
  } finally {
    await server.start();
    await redisReady(redis);
  }
});
