import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { guardOfThisProcess } from './guard.ts';
import { type LocalRedis, startRedis } from './redis.ts';

/** A Redis of one test's own. */
export type TestRedis = {
  url: string;
  pid(): number;
  flush(): Promise<void>;
  /** As a crash: SIGKILL. The port stays reserved for `start`. */
  kill(): Promise<void>;
  /** Starts it again, on the same port: empty, unless it is durable. */
  start(): Promise<void>;
  stop(): Promise<void>;
};

/** Starts a Redis on a free port, by default without persistence; `stop` it at the end of the test. */
export async function testRedis({ durable = false } = {}): Promise<TestRedis> {
  const directory = mkdtempSync(join(tmpdir(), 'quantumroute-redis-'));
  guardOfThisProcess().removeAfterwards(directory);
  let redis: LocalRedis = await startRedis({ directory, durable });
  const { url, port } = redis;
  return {
    url,
    pid: () => redis.pid,
    async flush() {
      const client = new Redis(url, { maxRetriesPerRequest: 1 });
      await client.flushall();
      client.disconnect();
    },
    kill: () => redis.kill(),
    async start() {
      redis = await startRedis({ directory, port, durable });
    },
    async stop() {
      await redis.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
