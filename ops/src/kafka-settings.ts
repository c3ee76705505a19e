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
