import type { Redis } from 'ioredis';
import type { Breaker } from './breaker.ts';

/** Texts under keys, with an end: at most so many, each of at most a size, each for a while. */
export type BoundedStore = {
  /** Undefined when there is none, or nobody to ask. */
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string, options: { ttlSeconds: number }): Promise<void>;
  delete(key: string): Promise<boolean>;
};

/**
 * A store in Redis whose oldest entries make room for new ones. Redis being away is no error: there
 * is nothing in the store then.
 */
export function createBoundedStore({
  redis,
  breaker,
  prefix,
  maxEntries,
  maxValueBytes,
}: {
  redis: Redis;
  breaker: Breaker;
  /** Of every key of this store, with the separator at its end. */
  prefix: string;
  maxEntries: number;
  maxValueBytes: number;
}): BoundedStore {
  const index = `${prefix}index`;
  const entryKey = (key: string): string => `${prefix}entry:${key}`;
  return {
    get: (key) => breaker.run(async () => (await redis.get(entryKey(key))) ?? undefined, undefined),
    async set(key, value, { ttlSeconds }) {
      if (ttlSeconds <= 0 || Buffer.byteLength(value) > maxValueBytes) return;
      const numbers = [ttlSeconds, Date.now(), maxEntries].map(String);
      await breaker.run(
        async () => void (await redis.eval(STORE, 2, entryKey(key), index, value, ...numbers)),
        undefined,
      );
    },
    delete: (key) => breaker.run(async () => (await redis.del(entryKey(key))) > 0, false),
  };
}

// The index is ordered by age. What expired meanwhile is still in it, and is the first to go.
const STORE = `
redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
redis.call('ZADD', KEYS[2], ARGV[3], KEYS[1])
local excess = redis.call('ZCARD', KEYS[2]) - tonumber(ARGV[4])
if excess > 0 then
  local oldest = redis.call('ZPOPMIN', KEYS[2], excess)
  for i = 1, #oldest, 2 do redis.call('UNLINK', oldest[i]) end
end
return 0
`;
