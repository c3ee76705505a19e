import type { Redis } from 'ioredis';
import type { Breaker } from './breaker.ts';

/**
 * One number for each organization that every mutation raises. It is part of each cache key, so that
 * nobody reads from a cache what was true before his own write.
 */
export type Generations = {
  /** Null when it is not known now: then nothing may be cached. */
  current(organization: string): Promise<string | null>;
  raise(organization: string): Promise<void>;
};

/** Generations in Redis. What could not be raised while Redis was away is raised before the next look. */
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
  const raise = async (organization: string): Promise<boolean> => {
    const done = await breaker.run(async () => await redis.incr(keyOf(organization)), 0);
    return done > 0;
  };
  return {
    async current(organization) {
      if (owed.has(organization)) {
        if (!(await raise(organization))) return null;
        owed.delete(organization);
      }
      return breaker.run(async () => (await redis.get(keyOf(organization))) ?? '0', null);
    },
    async raise(organization) {
      if (!(await raise(organization))) owed.add(organization);
    },
  };
}
