import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';

/** A Lua script that Redis runs as one step. */
export type RedisScript = {
  run(
    redis: Redis,
    keys: readonly string[],
    values: readonly (string | number)[],
  ): Promise<unknown>;
};

/** Sends the script's hash, and its text only to a Redis that has not seen it. */
export function redisScript(lua: string): RedisScript {
  const sha = createHash('sha1').update(lua).digest('hex');
  return {
    async run(redis, keys, values) {
      try {
        return await redis.evalsha(sha, keys.length, ...keys, ...values);
      } catch (error) {
        if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
        return await redis.eval(lua, keys.length, ...keys, ...values);
      }
    },
  };
}
