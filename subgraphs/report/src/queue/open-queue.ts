import type { KafkaConfig } from '@quantumroute/ops/kafka-settings';
import { kafkaConnection } from '@quantumroute/ops/kafka-settings';
import type { Logger } from '@quantumroute/ops/log';
import type { Metrics } from '@quantumroute/ops/metrics';

import { createBullmqQueue } from './bullmq-queue.ts';
import type { ReportQueue } from './report-queue.ts';

type QueueConfig = KafkaConfig & {
  readonly REPORT_QUEUE: 'bullmq' | 'kafka';
  readonly REDIS_URL: string;
  readonly REDIS_PREFIX: string;
};

/** The queue that the settings name. */
export async function openQueue(
  config: QueueConfig,
  { log, metrics }: { log: Logger; metrics: Metrics },
): Promise<ReportQueue> {
  if (config.REPORT_QUEUE === 'bullmq') {
    return createBullmqQueue({ redisUrl: config.REDIS_URL, redisPrefix: config.REDIS_PREFIX, log });
  }
  const connection = kafkaConnection(config, 'quantumroute-report');
  if (connection === null) throw new Error('REPORT_QUEUE=kafka needs KAFKA_BROKERS');
  // Loaded where it is used: the client of Kafka compiles its schemas for half a second.
  const { createKafkaQueue } = await import('./kafka-queue.ts');
  return createKafkaQueue({ connection, log, metrics });
}
