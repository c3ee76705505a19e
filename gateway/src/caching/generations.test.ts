import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { testRedis } from '@quantumroute/ops/local/testing';
import type { TestRedis } from '@quantumroute/ops/local/testing';
import { createLogger } from '@quantumroute/ops/log';
import { closeRedis, openRedis } from '@quantumroute/ops/redis';
import type { Redis } from 'ioredis';
import { createBreaker } from './breaker.ts';
import { createGenerations } from './generations.ts';

describe('the generation of an organization', () => {
  let server: TestRedis;
  let redis: Redis;
  before(async () => {
    server = await testRedis();
    const log = createLogger({ service: 'gateway', level: 'silent' });
    redis = openRedis({ url: server.url, log, role: 'subscriber' });
  });
  after(async () => {
    await closeRedis(redis);
    await server.stop();
  });
  beforeEach(() => server.flush());

  const openGenerations = () => {
    const breaker = createBreaker({ onFailure: assert.ifError });
    return createGenerations({ redis, breaker, keyOf: (organization) => `g:${organization}` });
  };

  test('stays until it is raised, by whomever, and is then seen by all', async () => {
    const [one, two] = [openGenerations(), openGenerations()];
    const first = await one.current('a');
    assert.equal(await two.current('a'), first);
    const other = await one.current('b');
    await two.raise('a');
    const second = await one.current('a');
    assert.notEqual(second, first);
    assert.equal(await two.current('a'), second);
    assert.equal(await one.current('b'), other);
  });

  test('is never one of before, also when Redis lost its data', async () => {
    const generations = openGenerations();
    const seen = new Set<string | null>();
    for (let round = 0; round < 3; round += 1) {
      for (let times = 0; times < 5; times += 1) {
        seen.add(await generations.current('a'));
        await generations.raise('a');
      }
      await server.flush();
    }
    assert.equal(seen.size, 15);
  });

  test('is asked for once by all who wait', async () => {
    const generations = openGenerations();
    await generations.current('a');
    const before = await commandsOf(redis);
    const all = await Promise.all(Array.from({ length: 100 }, () => generations.current('a')));
    assert.equal(new Set(all).size, 1);
    assert.ok((await commandsOf(redis)) - before <= 3);
  });
});

async function commandsOf(redis: Redis): Promise<number> {
  return Number(/total_commands_processed:(\d+)/.exec(await redis.info('stats'))?.[1]);
}
