import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { fromSendable, sendable, toByteText } from '../byte-text.ts';
import type { Sendable } from '../byte-text.ts';
import type { BoundedStore } from './bounded-store.ts';

/** Whole answers, as they are sent. */
export type AnswerStore = {
  /** What this process has at hand. */
  near(key: string, generation: string): Sendable | undefined;
  /** Asks Redis too. */
  find(key: string, generation: string): Promise<Sendable | undefined>;
  keep(key: string, generation: string, answer: { body: Sendable; ttlSeconds: number }): void;
  /** Forgets what is near. */
  forget(): void;
};

/**
 * The answers of one organization's generation are never those of another, so that what is near
 * needs no word from the other gateways to be right.
 */
export function createAnswerStore({
  far,
  nearBytes,
  maxEntries,
  maxEntryBytes,
  now = Date.now,
}: {
  far: BoundedStore;
  nearBytes: number;
  maxEntries: number;
  maxEntryBytes: number;
  now?: () => number;
}): AnswerStore {
  const answers = new LRUCache<string, Kept>({
    max: Math.max(1, maxEntries),
    maxSize: Math.max(1, nearBytes),
    sizeCalculation: ({ body }) => body.length + ENTRY_BYTES,
  });
  const near: AnswerStore['near'] = (key, generation) => {
    const kept = answers.get(`${key}${generation}`);
    return kept && now() < kept.expiresAt ? kept.body : undefined;
  };
  return {
    near,
    async find(key, generation) {
      const known = near(key, generation);
      if (known) return known;
      const kept = readKept(await far.get(farKey(key, generation)));
      if (!kept || now() >= kept.expiresAt) return undefined;
      answers.set(`${key}${generation}`, kept);
      return kept.body;
    },
    keep(key, generation, { body, ttlSeconds }) {
      if (ttlSeconds <= 0 || body.length > maxEntryBytes) return;
      const expiresAt = now() + ttlSeconds * 1_000;
      answers.set(`${key}${generation}`, { body, expiresAt });
      void far.set(farKey(key, generation), `${expiresAt}\n${fromSendable(body)}`, { ttlSeconds });
    },
    forget: () => answers.clear(),
  };
}

type Kept = { body: Sendable; expiresAt: number };

// The keys, and what the cache itself needs for an entry.
const ENTRY_BYTES = 400;

function farKey(key: string, generation: string): string {
  return createHash('sha256').update(`${key}\n${generation}`).digest('base64url');
}

function readKept(value: string | undefined): Kept | undefined {
  const end = value?.indexOf('\n') ?? -1;
  const expiresAt = Number(value?.slice(0, end));
  if (value === undefined || end < 1 || !Number.isFinite(expiresAt)) return undefined;
  return { expiresAt, body: sendable(toByteText(value.slice(end + 1))) };
}
