import { createHash } from 'node:crypto';
import { failure } from '@quantumroute/ops/failures';
import type { Metrics } from '@quantumroute/ops/metrics';
import { LRUCache } from 'lru-cache';
import type { Caller } from './caller.ts';

/** Finds the partner behind the SHA-256 (hex) of an API key; null when there is none. */
export type CredentialLookup = (keySha256: string) => Promise<Caller | null>;

/** Turns an API key into a caller. */
export type PartnerKeyReader = (key: string) => Promise<Caller>;

/**
 * Asks `lookup` once a minute for each key, sooner for unknown ones. While `lookup` fails, the last
 * good answer counts for ten minutes: a partner outlives a restart of the subgraph that knows him.
 * Rejects with UNAUTHENTICATED for unknown keys, with SERVICE_UNAVAILABLE when nobody can tell.
 */
export function createPartnerKeyReader({
  lookup,
  metrics,
  now = Date.now,
}: {
  lookup: CredentialLookup;
  metrics: Metrics;
  now?: () => number;
}): PartnerKeyReader {
  const answers = new LRUCache<string, Answer>({ max: 5_000, ttl: LAST_GOOD_MS, perf: { now } });
  const asked = new Map<string, Promise<Answer>>();

  const ask = (keySha256: string): Promise<Answer> => {
    const running = asked.get(keySha256);
    if (running) return running;
    const answer = lookup(keySha256)
      .then((caller) => ({ caller, askedAt: now() }))
      .finally(() => asked.delete(keySha256));
    asked.set(keySha256, answer);
    return answer;
  };

  const find = async (keySha256: string): Promise<Caller | null> => {
    const known = answers.get(keySha256);
    const isFresh = known && now() - known.askedAt < (known.caller ? FRESH_MS : FRESH_UNKNOWN_MS);
    metrics.cacheRequests.inc({ cache: 'partner_key', outcome: isFresh ? 'hit' : 'miss' });
    if (isFresh) return known.caller;
    try {
      const answer = await ask(keySha256);
      answers.set(keySha256, answer);
      return answer.caller;
    } catch (error) {
      metrics.cacheRequests.inc({ cache: 'partner_key', outcome: 'error' });
      if (known?.caller) return known.caller;
      throw unavailable(error);
    }
  };

  return async (key) => {
    if (key.length > LONGEST_KEY) throw unknownKey();
    const caller = await find(createHash('sha256').update(key).digest('hex'));
    if (!caller) throw unknownKey();
    return caller;
  };
}

type Answer = { caller: Caller | null; askedAt: number };

const FRESH_MS = 60_000;
const FRESH_UNKNOWN_MS = 10_000;
const LAST_GOOD_MS = 600_000;
const LONGEST_KEY = 200;

function unknownKey() {
  return failure('UNAUTHENTICATED', 'The API key is not known');
}

function unavailable(cause: unknown) {
  const message = 'API keys cannot be checked now';
  const outage = failure('SERVICE_UNAVAILABLE', message, { retryAfterSeconds: 1 });
  outage.cause = cause;
  return outage;
}
