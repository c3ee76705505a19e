import { Admin, Producer, stringSerializers } from '@platformatic/kafka';

import type { KafkaConnection } from './kafka-settings.ts';

/** A topic as its service wants it. */
export type Topic = { topic: string; partitions: number };

/** Makes topics that are missing; those that exist stay as they are. */
export async function ensureTopics(
  { options }: KafkaConnection,
  topics: readonly Topic[],
): Promise<void> {
  const admin = new Admin(options);
  try {
    const existing = await admin.listTopics();
    for (const { topic, partitions } of topics) {
      if (existing.includes(topic)) continue;
      // The broker knows how often it replicates.
      await admin.createTopics({ topics: [topic], partitions, replicas: -1 }).catch(ignoreExisting);
    }
  } finally {
    await admin.close();
  }
}

/** Another process was quicker. */
function ignoreExisting(error: Error & { findBy?(property: string, value: unknown): unknown }) {
  if (!error.findBy?.('apiId', 'TOPIC_ALREADY_EXISTS')) throw error;
}

/** A producer of texts, whose messages are on every replica in sync before `send` resolves. */
export function openProducer({ options }: KafkaConnection, { isIdempotent = false } = {}) {
  return new Producer<string, string, string, string>({
    ...options,
    serializers: stringSerializers,
    acks: -1,
    idempotent: isIdempotent,
    // With one retry or none the client would have an idempotent producer try for ever.
    retries: isIdempotent ? 2 : 1,
  });
}
