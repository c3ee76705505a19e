import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { Consumer, stringDeserializers } from '@platformatic/kafka';

import { openProducer } from '@quantumroute/ops/kafka';
import type { KafkaConnection } from '@quantumroute/ops/kafka-settings';
import { kafkaConnection } from '@quantumroute/ops/kafka-settings';
import { testKafka, withoutKafka } from '@quantumroute/ops/local/testing';
import type { TestKafka } from '@quantumroute/ops/local/testing';
import { createLogger } from '@quantumroute/ops/log';
import { createMetrics } from '@quantumroute/ops/metrics';
import { newId } from '@quantumroute/schema/ids';

import { until } from '../../test/until.ts';
import { createKafkaQueue } from './kafka-queue.ts';
import { queueTopics } from './kafka-topics.ts';
import type { Hint, ReportQueue } from './report-queue.ts';

const skip = withoutKafka();
const log = createLogger({ service: 'queue-test', level: 'silent' });
const hints = (count: number): Hint[] =>
  Array.from({ length: count }, () => ({ reportId: newId(), organizationId: newId() }));

let kafka: TestKafka;
let opened = 0;

before(async () => {
  if (!skip) kafka = await testKafka();
});

after(() => kafka?.stop());

/** A queue of the test's own, in topics of its own. */
function openQueue(): {
  connection: KafkaConnection;
  open: () => ReturnType<typeof createKafkaQueue>;
} {
  opened += 1;
  const config = {
    KAFKA_BROKERS: kafka.brokers,
    KAFKA_PREFIX: `test${opened}.`,
    KAFKA_TLS: false,
    KAFKA_SASL: 'none',
    KAFKA_USERNAME: '',
    KAFKA_PASSWORD: '',
  } as const;
  const connection = kafkaConnection(config, 'queue-test');
  assert.ok(connection);
  const open = () => createKafkaQueue({ connection, log, metrics: createMetrics('queue-test') });
  return { connection, open };
}

/** Topics that were made a moment ago have no leader yet: some of the hints would be refused. */
async function enqueueSoon(queue: ReportQueue, some: Hint[]): Promise<void> {
  await until(() => queue.length().catch(() => null), { what: 'the topics', withinMs: 30_000 });
  await queue.enqueue(some);
}

test('hints wait for a consumer and reach it once each', { skip }, async () => {
  const queue = openQueue().open();
  await enqueueSoon(queue, hints(20));
  assert.deepEqual(await queue.length(), { waiting: 20, active: 0 });
  let handled = 0;
  const consumer = queue.consume(async () => void (handled += 1), 2);
  await until(async () => (await queue.length()).waiting === 0, { what: 'the commit' });
  assert.equal(handled, 20);
  await consumer.close();
  await queue.close();
});

test('no more than so many hints are handled at the same time', { skip }, async () => {
  const queue = openQueue().open();
  await enqueueSoon(queue, hints(12));
  let now = 0;
  let most = 0;
  let handled = 0;
  const consumer = queue.consume(async () => {
    most = Math.max(most, (now += 1));
    await sleep(20);
    now -= 1;
    handled += 1;
  }, 3);
  await until(async () => handled === 12, { what: 'all hints' });
  assert.equal(most, 3);
  await consumer.close();
  await queue.close();
});

test(
  'what is being handled survives that another worker joins, and little of it comes twice',
  { skip },
  async () => {
    const { open } = openQueue();
    const queue = open();
    await enqueueSoon(queue, hints(30));
    let handled = 0;
    const handler = async () => {
      await sleep(150);
      handled += 1;
    };
    const one = queue.consume(handler, 2);
    await until(async () => handled > 0, { what: 'the first hint' });
    const otherQueue = open();
    const other = otherQueue.consume(handler, 2);
    await until(async () => (await queue.length()).waiting === 0, {
      what: 'the end',
      withinMs: 30_000,
    });
    await one.close();
    await other.close();
    // What was handled while partitions moved, for some half a second, may come again: a hint that
    // comes twice runs nothing twice.
    assert.ok(handled >= 30 && handled <= 45, `${handled} handled`);
    await Promise.all([queue.close(), otherQueue.close()]);
  },
);

test(
  'hints that cannot be read, and those that fail three times, are put aside',
  { skip },
  async () => {
    const { connection, open } = openQueue();
    const queue = open();
    await enqueueSoon(queue, []);
    const { requested, dead } = queueTopics(connection);
    const producer = openProducer(connection);
    await producer.send({ messages: [{ topic: requested, key: 'somebody', value: 'no hint' }] });
    const [failing] = hints(1);
    assert.ok(failing);
    await queue.enqueue([failing]);
    let handlings = 0;
    const consumer = queue.consume(async () => {
      handlings += 1;
      throw new Error('no database');
    }, 2);
    const letters = await deadLetters(connection, dead, 2);
    assert.deepEqual(
      letters.map(({ value, headers }) => [
        value.slice(0, 9),
        headers.get('reason'),
        headers.get('why'),
      ]),
      [
        ['no hint', 'unreadable', 'The message holds no hint'],
        ['{"reportI', 'failed', 'no database'],
      ],
    );
    assert.equal(handlings, 3);
    await until(async () => (await queue.length()).waiting === 0, { what: 'the commit' });
    await Promise.all([consumer.close(), producer.close()]);
    await queue.close();
  },
);

test(
  'a consumer is closed when its handlers have ended, and what it handled comes no more',
  { skip },
  async () => {
    const { open } = openQueue();
    const queue = open();
    await enqueueSoon(queue, hints(1));
    const started = Promise.withResolvers<void>();
    const work = Promise.withResolvers<void>();
    const consumer = queue.consume(() => (started.resolve(), work.promise), 1);
    await started.promise;
    let isClosed = false;
    const closing = consumer.close().then(() => (isClosed = true));
    await sleep(1_000);
    assert.equal(isClosed, false);
    work.resolve();
    await closing;
    assert.deepEqual(await queue.length(), { waiting: 0, active: 0 });
    await queue.close();
  },
);

test(
  'a queue works again when Kafka is back, and nobody waits for it meanwhile',
  { skip },
  async () => {
    const queue = openQueue().open();
    let handled = 0;
    const consumer = queue.consume(async () => void (handled += 1), 1);
    await enqueueSoon(queue, hints(1));
    await until(async () => handled === 1, { what: 'the first hint' });
    await kafka.kill();
    const startedAt = performance.now();
    await assert.rejects(queue.enqueue(hints(1)));
    assert.ok(performance.now() - startedAt < 1_500);
    await kafka.start();
    await enqueueSoon(queue, hints(1));
    await until(async () => handled >= 2, { what: 'the hint', withinMs: 30_000 });
    await kafka.kill();
    const stoppedAt = performance.now();
    await consumer.close();
    await queue.close();
    assert.ok(performance.now() - stoppedAt < 5_000);
  },
);

async function deadLetters(connection: KafkaConnection, topic: string, count: number) {
  const reader = new Consumer({
    ...connection.options,
    groupId: `readers-${topic}`,
    deserializers: stringDeserializers,
    requestTimeout: 15_000,
    maxWaitTime: 500,
  });
  const found: { value: string; headers: Map<string, string> }[] = [];
  const stream = await reader.consume({ topics: [topic], mode: 'earliest' });
  stream.on('data', (message) => found.push(message));
  await until(async () => found.length >= count, { what: 'the dead letters', withinMs: 20_000 });
  await stream.close();
  await reader.close(true);
  return found.toSorted((one, other) => other.value.localeCompare(one.value));
}
