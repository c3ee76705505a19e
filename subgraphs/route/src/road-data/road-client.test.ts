import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { createMetrics } from '@quantumroute/ops/metrics';

import { createRoadClient } from './road-client.ts';
import type { RoadClientOptions } from './road-client.ts';
import { startRouter } from './testing/router-stand-in.ts';

const router = await startRouter();
after(() => router.close());
beforeEach(() => {
  router.questions.length = 0;
  router.fault = null;
  router.delayMs = 0;
  router.mostAtOnce = 0;
  router.abandoned = 0;
});

const never = new AbortController().signal;
const LOCATE = { path: '/locate', body: { locations: [] }, signal: never };

function clientWith(options: Partial<RoadClientOptions> = {}) {
  const metrics = createMetrics('route');
  const client = createRoadClient({
    url: router.url,
    timeoutMs: 2_000,
    concurrency: 2,
    metrics,
    ...options,
  });
  return { client, metrics };
}

test('asks again when the server says "not now", and succeeds when it is back', async () => {
  const { client, metrics } = clientWith();
  router.fault = { status: 503, text: 'busy', isOnce: true };
  assert.deepEqual(await client.ask(LOCATE), { status: 200, body: [] });
  assert.equal(router.questions.length, 2);
  const text = await metrics.registry.metrics();
  assert.match(text, /road_request_seconds_count\{.*outcome="unavailable"/);
  assert.match(text, /road_request_seconds_count\{.*outcome="answered"/);
});

test('gives up after three attempts', async () => {
  router.fault = { status: 500, text: 'no' };
  await assert.rejects(clientWith().client.ask(LOCATE), { fault: 'unavailable' });
  assert.equal(router.questions.length, 3);
});

test('a refusal is an answer, and not asked for again', async () => {
  const { status } = await clientWith().client.ask({ path: '/nothing', signal: never });
  assert.equal(status, 400);
  assert.equal(router.questions.length, 1);
});

test('what is not JSON, a redirect and an endless answer are failures', async () => {
  router.fault = { status: 200, text: '<html>' };
  await assert.rejects(clientWith().client.ask(LOCATE), { fault: 'unusable' });
  router.fault = { status: 200, text: ' '.repeat(10_000_001) };
  await assert.rejects(clientWith().client.ask(LOCATE), { fault: 'unusable' });
  router.fault = { status: 302, text: '', headers: { location: `${router.url}/locate` } };
  await assert.rejects(clientWith().client.ask(LOCATE), { fault: 'unavailable' });
});

test('each attempt has its time', async () => {
  router.delayMs = 10_000;
  const startedAt = Date.now();
  await assert.rejects(clientWith({ timeoutMs: 500 }).client.ask(LOCATE), { fault: 'unavailable' });
  assert.ok(Date.now() - startedAt < 10_000, `${Date.now() - startedAt} ms`);
  assert.equal(router.questions.length, 3);
});

test('after five failures nobody asks, then one tries and all ask again', async () => {
  const { client } = clientWith({ restMs: 2_000 });
  router.fault = { status: 500, text: 'no' };
  await assert.rejects(client.ask(LOCATE));
  await assert.rejects(client.ask(LOCATE));
  assert.equal(router.questions.length, 5);
  await assert.rejects(client.ask(LOCATE), { fault: 'unavailable' });
  assert.equal(router.questions.length, 5);
  router.fault = null;
  await sleep(2_100);
  assert.equal((await client.ask(LOCATE)).status, 200);
  assert.equal((await client.ask(LOCATE)).status, 200);
});

test('no more than so many questions at a time, the others wait', async () => {
  const { client } = clientWith({ concurrency: 3 });
  router.delayMs = 20;
  await Promise.all(Array.from({ length: 20 }, () => client.ask(LOCATE)));
  assert.equal(router.questions.length, 20);
  assert.equal(router.mostAtOnce, 3);
});

test('more than can ever wait is refused at once', async () => {
  const { client } = clientWith({ concurrency: 1 });
  router.delayMs = 20;
  const asked = Array.from({ length: 20 }, () => client.ask(LOCATE));
  const results = await Promise.allSettled(asked);
  assert.equal(results.filter(({ status }) => status === 'rejected').length, 3);
});

test('a caller who leaves takes the question along', async () => {
  const { client } = clientWith();
  router.delayMs = 5_000;
  const caller = new AbortController();
  const asked = client.ask({ ...LOCATE, signal: caller.signal });
  while (router.questions.length === 0) await sleep(5);
  caller.abort(new Error('left'));
  await assert.rejects(asked, /left/);
  while (router.abandoned === 0) await sleep(5);
  assert.equal(router.questions.length, 1);
});
