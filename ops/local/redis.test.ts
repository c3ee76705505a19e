import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Redis } from 'ioredis';
import { isAlive } from './orphan.ts';
import { redisProgram, startRedis } from './redis.ts';
import { testRedis } from './test-redis.ts';

test('a durable Redis keeps what was written over a kill', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'quantumroute-redis-'));
  const first = await startRedis({ directory });
  const writer = new Redis(first.url);
  await writer.set('kept', 'yes');
  writer.disconnect();
  // The file is flushed every second, but written at once: a crash of the program loses nothing.
  await first.kill();
  const second = await startRedis({ directory });
  const reader = new Redis(second.url);
  assert.equal(await reader.get('kept'), 'yes');
  reader.disconnect();
  await second.stop();
  assert.equal(isAlive(second.pid), false);
  rmSync(directory, { recursive: true });
});

test('a Redis that an earlier owner left behind is ended by the next start', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'quantumroute-redis-'));
  const left = await startRedis({ directory });
  const next = await startRedis({ directory });
  assert.equal(isAlive(left.pid), false);
  await next.stop();
  rmSync(directory, { recursive: true });
});

test('the Redis of a test comes back empty on its port after a kill', async () => {
  const redis = await testRedis();
  await redis.kill();
  await redis.start();
  const client = new Redis(redis.url);
  assert.equal(await client.dbsize(), 0);
  client.disconnect();
  await redis.stop();
});

test('no Redis program is found on an empty PATH', () => {
  assert.equal(redisProgram('/nonexistent'), undefined);
});
