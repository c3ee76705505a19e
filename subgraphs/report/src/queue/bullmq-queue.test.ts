import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { testRedis } from '@quantumroute/ops/local/testing';
import { createLogger } from '@quantumroute/ops/log';
import { newId } from '@quantumroute/schema/ids';

import { until } from '../../test/until.ts';
import { createBullmqQueue } from './bullmq-queue.ts';
import type { Hint, ReportQueue } from './report-queue.ts';

const organizationId = newId();
const hintOf = (reportId: string): Hint => ({ reportId, organizationId });
const log = createLogger({ service: 'queue-test', level: 'silent' });

/** A queue never waits for its connection; a test has to. */
async function openQueue(redisUrl: string, redisPrefix: string): Promise<ReportQueue> {
  const queue = createBullmqQueue({ redisUrl, redisPrefix, log });
  await until(() => queue.length().catch(() => null), { what: 'the connection' });
  return queue;
}

test('a hint reaches one consumer once, however often it is given', async () => {
  const redis = await testRedis();
  const queue = await openQueue(redis.url, 'a:');
  let handled = 0;
  const hint = hintOf('one');
  await queue.enqueue([hint, hint]);
  await queue.enqueue([hint]);
  assert.deepEqual(await queue.length(), { waiting: 1, active: 0 });
  const consumer = queue.consume(async () => void (handled += 1), 2);
  await until(async () => handled > 0 && (await queue.length()).active === 0);
  assert.equal(handled, 1);
  await consumer.close();
  await queue.close();
  await redis.stop();
});

test('queues with different prefixes share nothing', async () => {
  const redis = await testRedis();
  const one = await openQueue(redis.url, 'a:');
  const other = await openQueue(redis.url, 'b:');
  await one.enqueue([hintOf('one')]);
  assert.deepEqual(await other.length(), { waiting: 0, active: 0 });
  await Promise.all([one.close(), other.close()]);
  await redis.stop();
});

test('a queue that was opened while Redis was away works when it is there', async () => {
  const redis = await testRedis();
  await redis.kill();
  const queue = createBullmqQueue({ redisUrl: redis.url, redisPrefix: 'a:', log });
  let handled = 0;
  const consumer = queue.consume(async () => void (handled += 1), 1);
  const startedAt = performance.now();
  await assert.rejects(queue.enqueue([hintOf('lost')]));
  assert.ok(performance.now() - startedAt < 1_500);
  await redis.start();
  await until(
    () =>
      queue.enqueue([hintOf('late')]).then(
        () => true,
        () => false,
      ),
    { what: 'the queue to come back' },
  );
  await until(async () => handled > 0, { what: 'the hint' });
  await consumer.close();
  await queue.close();
  await redis.stop();
});

test('a consumer is closed when its handlers have ended, whether Redis is there or not', async () => {
  const redis = await testRedis();
  const queue = await openQueue(redis.url, 'a:');
  const started = Promise.withResolvers<void>();
  const work = Promise.withResolvers<void>();
  const consumer = queue.consume(() => (started.resolve(), work.promise), 1);
  await queue.enqueue([hintOf('long')]);
  await started.promise;
  await redis.kill();
  let isClosed = false;
  const closing = consumer.close().then(() => (isClosed = true));
  await sleep(1_000);
  assert.equal(isClosed, false);
  work.resolve();
  const startedAt = performance.now();
  await closing;
  assert.ok(performance.now() - startedAt < 5_000);
  await queue.close();
  await redis.stop();
});

test('a consumer that is closed while Redis is away leaves no timer behind', async () => {
  const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
  const timersBefore = timers();
  const redis = await testRedis();
  const queue = await openQueue(redis.url, 'a:');
  const started = Promise.withResolvers<void>();
  const work = Promise.withResolvers<void>();
  const consumer = queue.consume(() => (started.resolve(), work.promise), 1);
  await queue.enqueue([hintOf('long')]);
  await started.promise;
  await redis.kill();
  await sleep(200);
  const closing = consumer.close();
  work.resolve();
  await closing;
  await queue.close();
  await redis.stop();
  await until(async () => timers() <= timersBefore, { what: 'the timers to end' });
});
