import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Redis } from 'ioredis';

/** Waits for a connection that is being opened. */
export async function redisReady(redis: Redis): Promise<void> {
  const patience = Date.now() + 10_000;
  while (redis.status !== 'ready') {
    assert.ok(Date.now() < patience, `Redis is ${redis.status}`);
    await sleep(20);
  }
}
