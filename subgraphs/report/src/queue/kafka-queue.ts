import { Admin } from '@platformatic/kafka';

import type { KafkaConnection } from '@quantumroute/ops/kafka-settings';
import { ensureTopics, openProducer } from '@quantumroute/ops/kafka';
import type { Logger } from '@quantumroute/ops/log';
import type { Metrics } from '@quantumroute/ops/metrics';

import { hintText } from './hint-text.ts';
import { startKafkaConsumer } from './kafka-consumer.ts';
import { countWaiting } from './kafka-length.ts';
import { queueTopics, topicsToMake } from './kafka-topics.ts';
import { createQueueMetrics } from './queue-metrics.ts';
import type { ReportQueue } from './report-queue.ts';
import { within } from './within.ts';

/**
 * Hints on Kafka, keyed by organization. Every call ends within a second, also while Kafka is away;
 * nothing has to be there when it is opened.
 */
export function createKafkaQueue(options: {
  connection: KafkaConnection;
  log: Logger;
  metrics: Metrics;
}): ReportQueue {
  const { connection, log, metrics } = options;
  const topics = queueTopics(connection);
  const producer = openProducer(connection);
  const admin = new Admin(connection.options);
  const queueMetrics = createQueueMetrics(metrics);
  let active = 0;
  let made: Promise<void> | undefined;
  const makeTopics = () =>
    (made ??= ensureTopics(connection, topicsToMake(topics)).catch((error: unknown) => {
      made = undefined;
      throw error;
    }));
  const send: SendMessage = async (message) => {
    await makeTopics();
    await producer.send({ messages: [message].flat() });
  };
  return {
    enqueue: async (hints) => {
      const messages = hints.map((hint) => ({
        topic: topics.requested,
        key: hint.organizationId,
        value: hintText(hint),
      }));
      await within(send(messages), 'enqueue');
    },
    consume: (handler, concurrency) =>
      startKafkaConsumer({
        connection,
        topics,
        makeTopics,
        log,
        metrics: queueMetrics,
        concurrency,
        bury: (message) => send({ ...message, topic: topics.dead }),
        handler: async () => {
          active += 1;
          await handler().finally(() => (active -= 1));
        },
      }),
    length: async () => {
      await within(makeTopics(), 'length');
      const unhandled = await within(countWaiting(admin, topics), 'length');
      return { waiting: Math.max(unhandled - active, 0), active };
    },
    close: async () => {
      await within(producer.close(), 'close').catch(() => undefined);
      await within(admin.close(), 'close').catch(() => undefined);
    },
  };
}

type Outgoing = { topic: string; key: string; value: string; headers?: Record<string, string> };
type SendMessage = (messages: Outgoing | Outgoing[]) => Promise<void>;
