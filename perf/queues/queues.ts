import { kafkaConnection } from '@quantumroute/ops/kafka-settings';
import { createLogger } from '@quantumroute/ops/log';
import { createMetrics } from '@quantumroute/ops/metrics';

import { createBullmqQueue } from '../../subgraphs/report/src/queue/bullmq-queue.ts';
import { createKafkaQueue } from '../../subgraphs/report/src/queue/kafka-queue.ts';
import type { Hint, ReportQueue } from '../../subgraphs/report/src/queue/report-queue.ts';

export type { Hint, ReportQueue };

/** Which queue, and where its server is: `bullmq redis://…` or `kafka host:port`. */
export type QueueName = 'bullmq' | 'kafka';

/** The queue of the product itself; `prefix` keeps measurements apart. */
export function openQueue(name: QueueName, address: string, prefix: string): ReportQueue {
  const log = createLogger({ service: 'bench', level: 'silent' });
  if (name === 'bullmq') return createBullmqQueue({ redisUrl: address, redisPrefix: prefix, log });
  const connection = kafkaConnection(
    {
      KAFKA_BROKERS: address,
      KAFKA_PREFIX: prefix,
      KAFKA_TLS: false,
      KAFKA_SASL: 'none',
      KAFKA_USERNAME: '',
      KAFKA_PASSWORD: '',
    },
    'bench',
  );
  if (connection === null) throw new Error('Needs the address of a Kafka');
  return createKafkaQueue({ connection, log, metrics: createMetrics('bench') });
}
