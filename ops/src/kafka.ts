import { Admin, Producer, stringSerializers } from '@platformatic/kafka';
import type { BaseOptions, SASLMechanismValue } from '@platformatic/kafka';

import { setting } from './config.ts';

/** Settings of a service that may use Kafka. */
export const kafkaSettings = {
  KAFKA_BROKERS: setting
    .text('')
    .describe('Kafka, such as `one:9092,other:9092`; empty where there is none'),
  KAFKA_PREFIX: setting.text('').describe('Prefix of every topic and group in Kafka'),
  KAFKA_TLS: setting.flag(false).describe('Whether Kafka is spoken to over TLS'),
  KAFKA_SASL: setting
    .oneOf(['none', 'PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'], 'none')
    .describe('How a service proves to Kafka who it is'),
  KAFKA_USERNAME: setting.text('').describe('Name of the service at Kafka'),
  KAFKA_PASSWORD: setting.text('').describe('Password of the service at Kafka'),
};

/** The settings as `readSettings` gives them. */
export type KafkaConfig = {
  readonly KAFKA_BROKERS: string;
  readonly KAFKA_PREFIX: string;
  readonly KAFKA_TLS: boolean;
  readonly KAFKA_SASL: 'none' | SASLMechanismValue;
  readonly KAFKA_USERNAME: string;
  readonly KAFKA_PASSWORD: string;
};

/** How the clients of one process reach Kafka. */
export type KafkaConnection = { readonly options: BaseOptions; readonly prefix: string };

/** The connection that the settings describe; null where there is no Kafka. */
export function kafkaConnection(config: KafkaConfig, clientId: string): KafkaConnection | null {
  if (config.KAFKA_BROKERS === '') return null;
  const { KAFKA_SASL: mechanism, KAFKA_USERNAME: username, KAFKA_PASSWORD: password } = config;
  return {
    prefix: config.KAFKA_PREFIX,
    options: {
      clientId,
      bootstrapBrokers: config.KAFKA_BROKERS.split(',').map((broker) => broker.trim()),
      ...DEADLINES,
      ...(config.KAFKA_TLS ? { tls: {} } : {}),
      ...(mechanism === 'none' ? {} : { sasl: { mechanism, username, password } }),
    },
  };
}

/** Whoever calls decides whether to try again: no call takes more than about two seconds. */
const DEADLINES = {
  connectTimeout: 1_000,
  timeout: 1_000,
  requestTimeout: 2_000,
  retries: 1,
  retryDelay: 200,
} satisfies Partial<BaseOptions>;

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
