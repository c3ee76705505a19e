import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, before, describe, test } from 'node:test';
import { testRedis } from '../local/testing.ts';
import { createLogger } from './log.ts';
import { closeRedis, openRedis, redisKey } from './redis.ts';
import { startTestProxy } from './test-proxy.ts';
import type { TestProxy } from './test-proxy.ts';

const log = createLogger({ service: 'kit', level: 'silent' });

describe('Redis', () => {
  let server: Awaited<ReturnType<typeof testRedis>>;
  let proxy: TestProxy;
  let url: string;

  before(async () => {
    server = await testRedis();
    const { hostname, port } = new URL(server.url);
    proxy = await startTestProxy({ host: hostname, port: Number(port) });
    url = `redis://127.0.0.1:${proxy.port}`;
  });

  after(async () => {
    await proxy.close();
    await server.stop();
  });

  async function failsFast(command: () => Promise<unknown>): Promise<void> {
    const startedAt = Date.now();
    await assert.rejects(command);
    assert.ok(Date.now() - startedAt < 200, `${Date.now() - startedAt} ms`);
  }

  test('fails commands within 200 ms while it is paused, and serves them afterwards', async () => {
    const redis = openRedis({ url, log, role: 'commands' });
    await ready(redis);
    proxy.pause();
    await failsFast(() => redis.get('a'));
    proxy.resume();
    await ready(redis);
    await redis.set('a', '1');
    assert.equal(await redis.get('a'), '1');
    await closeRedis(redis);
  });

  test('fails commands at once while it is gone, and comes back by itself', async () => {
    const redis = openRedis({ url, log, role: 'commands' });
    await ready(redis);
    await server.kill();
    await sleep(50);
    await failsFast(() => redis.get('a'));
    await server.start();
    await ready(redis);
    assert.equal(await redis.get('a'), null);
    await closeRedis(redis);
  });

  test('starts without it', async () => {
    const redis = openRedis({ url: 'redis://127.0.0.1:1', log, role: 'commands' });
    await failsFast(() => redis.get('a'));
    await closeRedis(redis);
  });

  test('keeps a subscriber subscribed across a restart', async () => {
    const subscriber = openRedis({ url, log, role: 'subscriber' });
    const publisher = openRedis({ url, log, role: 'commands' });
    const heard: string[] = [];
    subscriber.on('message', (_channel, message) => heard.push(message));
    await subscriber.subscribe('news');
    await server.kill();
    await server.start();
    await ready(publisher);
    for (let patience = 30; heard.length === 0 && patience > 0; patience -= 1) {
      await publisher.publish('news', 'hello').catch(() => undefined);
      await sleep(100);
    }
    assert.ok(heard.includes('hello'));
    await Promise.all([closeRedis(subscriber), closeRedis(publisher)]);
  });
});

async function ready(redis: ReturnType<typeof openRedis>): Promise<void> {
  const patience = Date.now() + 5_000;
  while (redis.status !== 'ready') {
    assert.ok(Date.now() < patience, 'not ready in time');
    await sleep(20);
  }
}

test('keys of different parts are different', () => {
  assert.equal(redisKey('qr:', 'report', '1'), 'qr:report:1');
  assert.notEqual(redisKey('qr:', 'a:b', 'c'), redisKey('qr:', 'a', 'b:c'));
  assert.notEqual(redisKey('qr:', 'a%3Ab'), redisKey('qr:', 'a:b'));
});
