import { setTimeout as sleep } from 'node:timers/promises';

import type { Logger } from '@quantumroute/ops/log';

import { readHint } from './hint-text.ts';
import { openKafkaSession } from './kafka-session.ts';
import type { KafkaMessage, SessionParts } from './kafka-session.ts';
import type { DeathReason } from './queue-metrics.ts';
import type { QueueConsumer } from './report-queue.ts';

type ConsumerParts = SessionParts & {
  readonly makeTopics: () => Promise<void>;
  readonly log: Logger;
  readonly handler: () => Promise<void>;
  /** Stores a message in the topic of the dead. */
  readonly bury: (letter: DeadLetter) => Promise<void>;
};

type DeadLetter = { key: string; value: string; headers: Record<string, string> };

/** So often a hint is tried before it is put aside. */
export const HANDLINGS = 3;
const HANDLING_PAUSE_MS = 250;
const SESSION_PAUSE_MS = 500;

/**
 * A member of the group of workers. Whenever its session breaks it begins a new one, for as long as
 * it is not closed; what was not committed comes again then.
 */
export function startKafkaConsumer(parts: ConsumerParts): QueueConsumer {
  const stopping = new AbortController();
  const { signal } = stopping;
  const sessions = (async () => {
    while (!signal.aborted) {
      try {
        await parts.makeTopics();
        await openKafkaSession(parts, { handle: (message) => handle(parts, message), signal });
      } catch (error) {
        parts.metrics.lostSessions.inc();
        parts.log.debug({ err: error }, 'queue consumer error');
        await sleep(SESSION_PAUSE_MS, undefined, { signal }).catch(() => undefined);
      }
    }
  })();
  return {
    close: async () => {
      stopping.abort();
      await sessions;
    },
  };
}

/** Brings one message to its end; throws only when even the topic of the dead cannot be reached. */
async function handle(parts: ConsumerParts, message: KafkaMessage): Promise<void> {
  if (readHint(message.value) === null) {
    return putAside(parts, message, { reason: 'unreadable', why: 'The message holds no hint' });
  }
  let why = '';
  for (let handling = 1; handling <= HANDLINGS; handling += 1) {
    try {
      return await parts.handler();
    } catch (error) {
      why = error instanceof Error ? error.message : String(error);
      if (handling < HANDLINGS) await sleep(HANDLING_PAUSE_MS * 2 ** handling);
    }
  }
  return putAside(parts, message, { reason: 'failed', why });
}

async function putAside(
  { bury, log, metrics }: ConsumerParts,
  { key, value, partition, offset }: KafkaMessage,
  { reason, why }: { reason: DeathReason; why: string },
): Promise<void> {
  const place = { partition: String(partition), offset: String(offset) };
  await bury({ key: key ?? '', value: value ?? '', headers: { reason, why, ...place } });
  metrics.deadLetters.inc({ reason });
  log.warn({ reason, why, ...place }, 'a hint was put aside');
}
