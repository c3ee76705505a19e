import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { Breaker } from './breaker.ts';

/**
 * One number for each organization that every mutation raises. It is part of each cache key, so that
 * nobody reads from a cache what was true before his own write.
 */
export type Generations = {
  /** As it is after the call. Null when it is not known now: then nothing may be cached. */
  current(organization: string): Promise<string | null>;
  raise(organization: string): Promise<void>;
};

/**
 * Generations in Redis, so that all gateways have the same. One command is on its way at a time, at
 * most one in a millisecond, and whoever comes meanwhile is answered by the next one, together: a
 * process under load asks Redis far less than once a request. What could not be raised while Redis was away is raised before the next look.
 */
export function createGenerations({
  redis,
  breaker,
  keyOf,
}: {
  redis: Redis;
  breaker: Breaker;
  keyOf: (organization: string) => string;
}): Generations {
  const owed = new Set<string>();
  let asked = new Map<string, PromiseWithResolvers<string | null>>();
  let isAsking = false;

  const raise = async (organization: string): Promise<boolean> => {
    const command = async () => redis.eval(RAISE, 1, keyOf(organization), firstGeneration());
    return (await breaker.run(command, null)) !== null;
  };
  const payBack = async (organization: string): Promise<void> => {
    if (owed.has(organization) && (await raise(organization))) owed.delete(organization);
  };
  const answerAll = async (): Promise<void> => {
    while (asked.size > 0) {
      const batch = asked;
      asked = new Map();
      const startedAt = performance.now();
      await answer(batch);
      const restMs = LEAST_INTERVAL_MS - (performance.now() - startedAt);
      if (restMs > 0) await sleep(restMs);
    }
    isAsking = false;
  };
  const answer = async (batch: typeof asked): Promise<void> => {
    const organizations = [...batch.keys()];
    if (owed.size > 0) await Promise.all(organizations.map(payBack));
    const keys = organizations.map(keyOf);
    const values = await breaker.run(async () => readOrBegin(redis, keys), null);
    for (const [index, organization] of organizations.entries()) {
      const value = owed.has(organization) ? null : (values?.[index] ?? null);
      batch.get(organization)?.resolve(value);
    }
  };

  return {
    current(organization) {
      const others = asked.get(organization);
      if (others) return others.promise;
      const own = Promise.withResolvers<string | null>();
      asked.set(organization, own);
      if (!isAsking) {
        isAsking = true;
        setImmediate(() => void answerAll());
      }
      return own.promise;
    },
    async raise(organization) {
      if (!(await raise(organization))) owed.add(organization);
    },
  };
}

const LEAST_INTERVAL_MS = 1;

/** Generations of this process alone, for a gateway without Redis. */
export function createLocalGenerations(): Generations {
  let generation = 0;
  return {
    current: async () => String(generation),
    async raise() {
      generation += 1;
    },
  };
}

/**
 * Never one that was there before: a Redis that lost its data must not count through the numbers
 * again under which this process, or another, still has answers.
 */
function firstGeneration(): string {
  return String(Date.now() * 1_000);
}

async function readOrBegin(redis: Redis, keys: string[]): Promise<(string | null)[]> {
  const values = await redis.mget(keys);
  if (!values.includes(null)) return values;
  return (await redis.eval(BEGIN, keys.length, ...keys, firstGeneration())) as string[];
}

const BEGIN = `
for _, key in ipairs(KEYS) do redis.call('SET', key, ARGV[1], 'NX') end
return redis.call('MGET', unpack(KEYS))
`;

const RAISE = `
redis.call('SET', KEYS[1], ARGV[1], 'NX')
return redis.call('INCR', KEYS[1])
`;
