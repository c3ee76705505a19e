import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { testRedis } from '@quantumroute/ops/local/testing';
import { createLogger } from '@quantumroute/ops/log';
import { createMetrics } from '@quantumroute/ops/metrics';
import { closeRedis, openRedis } from '@quantumroute/ops/redis';

import { createSegmentCache } from './segment-cache.ts';
import { NO_WAY, OFF_ROAD } from './segments.ts';
import { redisReady } from './testing/redis-ready.ts';

const server = await testRedis();
const log = createLogger({ service: 'route', level: 'silent' });
const redis = openRedis({ url: server.url, log, role: 'commands' });
// A busy machine is no outage.
redis.options.commandTimeout = 5_000;
after(async () => {
  await closeRedis(redis);
  await server.stop();
});

const metrics = createMetrics('route');
const cacheFor = (ttlSeconds: number) =>
  createSegmentCache({ redis, prefix: 'test:', ttlSeconds, metrics });

beforeEach(async () => {
  await redisReady(redis);
  await server.flush();
});

const entry = (key: string, durationSeconds: number, distanceMeters = 0) => ({
  key,
  segment: { durationSeconds, distanceMeters },
});

test('remembers legs of every kind in eight bytes each', async () => {
  const cache = cacheFor(1_000);
  const entries = [
    entry('a', 600, 5_000),
    entry('b', 39_999_999, 39_999_999),
    entry('c', NO_WAY),
    entry('d', OFF_ROAD),
    entry('e', 0, 0),
  ];
  await cache.write(entries);
  assert.deepEqual(await cache.read(['a', 'x', 'b', 'c', 'd', 'e']), [
    entries[0]?.segment,
    null,
    ...entries.slice(1).map(({ segment }) => segment),
  ]);
  assert.equal(await redis.strlen('test:a'), 8);
  const text = await metrics.registry.metrics();
  assert.match(text, /cache="segments",outcome="hit",service="route"\} 5/);
  assert.match(text, /cache="segments",outcome="miss",service="route"\} 1/);
});

test('legs expire, and not all at the same time', async () => {
  const entries = Array.from({ length: 200 }, (_, index) => entry(`k${index}`, index));
  await cacheFor(1_000).write(entries);
  const ttls = await Promise.all(entries.map(({ key }) => redis.ttl(`test:${key}`)));
  assert.ok(Math.min(...ttls) >= 898 && Math.max(...ttls) <= 1_000);
  assert.ok(new Set(ttls).size > 20);
  await cacheFor(1).write([entry('short', 1)]);
  await sleep(1_200);
  assert.deepEqual(await cacheFor(1).read(['short']), [null]);
});

test('what is not a leg is not there', async () => {
  await redis.set('test:short', 'x');
  await redis.set('test:negative', Buffer.from([0xf0, 0xff, 0xff, 0xff, 1, 0, 0, 0]));
  const read = await cacheFor(100).read(['short', 'negative']);
  assert.deepEqual(read, [null, null]);
});

test('Redis being away costs little once and then nothing', async () => {
  const cache = cacheFor(100);
  await server.kill();
  const startedAt = Date.now();
  assert.deepEqual(await cache.read(['a', 'b']), [null, null]);
  for (let times = 0; times < 50; times++) {
    await cache.read(['a']);
    await cache.write([entry('a', 1)]);
  }
  assert.ok(Date.now() - startedAt < 2_000, `${Date.now() - startedAt} ms`);
  await server.start();
  const patience = Date.now() + 10_000;
  while (Date.now() < patience) {
    await cache.write([entry('back', 7)]);
    if ((await cache.read(['back']))[0]?.durationSeconds === 7) return;
    await sleep(100);
  }
  assert.fail('nothing is remembered again');
});
