import { describe } from 'node:test';

import { testKafka, withoutKafka } from '@quantumroute/ops/local/testing';
import type { TestKafka } from '@quantumroute/ops/local/testing';

/** A queue that tests run with. */
export type QueueUnderTest = {
  /** Starts what it needs and gives the settings that name it. */
  open(): Promise<Record<string, string>>;
  close(): Promise<void>;
};

/** Defines tests once for each queue; those with Kafka run with `npm run test:chaos` only. */
export function onEachQueue(define: (queue: QueueUnderTest) => void): void {
  describe('with BullMQ', () => define(bullmq));
  describe('with Kafka', { skip: withoutKafka() }, () => define(kafkaOfOwn()));
}

/** The Redis that every test of the service has is all it takes. */
const bullmq: QueueUnderTest = {
  open: async () => ({ REPORT_QUEUE: 'bullmq' }),
  close: async () => undefined,
};

function kafkaOfOwn(): QueueUnderTest {
  let kafka: TestKafka | undefined;
  return {
    open: async () => {
      kafka = await testKafka();
      return { REPORT_QUEUE: 'kafka', KAFKA_BROKERS: kafka.brokers };
    },
    close: async () => kafka?.stop(),
  };
}
