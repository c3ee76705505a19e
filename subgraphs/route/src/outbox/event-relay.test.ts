import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { Consumer, stringDeserializers } from '@platformatic/kafka';

import type { KafkaConnection } from '@quantumroute/ops/kafka-settings';
import { kafkaConnection } from '@quantumroute/ops/kafka-settings';
import { testKafka, withoutKafka } from '@quantumroute/ops/local/testing';
import type { TestKafka } from '@quantumroute/ops/local/testing';
import { createLogger } from '@quantumroute/ops/log';
import { createMetrics } from '@quantumroute/ops/metrics';
import type { Postgres } from '@quantumroute/ops/postgres';
import { newId } from '@quantumroute/schema/ids';

import { openStorage } from '../storage/open-storage.ts';
import type { OutboxEvent } from '../storage/stores/outbox-queries.ts';
import { openRouteWorld } from '../testing/route-world.ts';
import type { RouteWorld } from '../testing/route-world.ts';
import { EventRelay } from './event-relay.ts';

const skip = withoutKafka();
const log = createLogger({ service: 'route', level: 'silent' });

let kafka: TestKafka;
let world: RouteWorld;
let postgres: Postgres;
let tests = 0;
let connection: KafkaConnection;

before(async () => {
  if (skip) return;
  kafka = await testKafka();
  world = await openRouteWorld();
  const config = {
    DATABASE_URL: world.databaseUrl,
    DATABASE_POOL_SIZE: 6,
    DATABASE_STATEMENT_TIMEOUT_MS: 5_000,
  };
  postgres = await openStorage({ config, log, metrics: createMetrics('route') });
});

beforeEach(() => {
  if (skip) return;
  tests += 1;
  const given = kafkaConnection(
    {
      KAFKA_BROKERS: kafka.brokers,
      KAFKA_PREFIX: `test${tests}.`,
      KAFKA_TLS: false,
      KAFKA_SASL: 'none',
      KAFKA_USERNAME: '',
      KAFKA_PASSWORD: '',
    },
    'relay-test',
  );
  assert.ok(given);
  connection = given;
});

after(async () => {
  await postgres?.close();
  await world?.close();
  await kafka?.stop();
});

/** Many small transactions, so that events of several organizations alternate. */
async function happen(organizations: readonly string[], each: number): Promise<void> {
  for (let number = 0; number < each; number += 1) {
    for (const organizationId of organizations) {
      await world.sql(
        `insert into route.outbox (organization_id, type, subject_id, body)
         values ($1, 'stop.finished', $2, $3)`,
        [organizationId, newId(), JSON.stringify({ number })],
      );
    }
  }
}

function startRelay() {
  const metrics = createMetrics('relay-test');
  return { relay: new EventRelay({ postgres, connection, log, metrics, restMs: 50 }), metrics };
}

/** Everything that is in the topic, once there are so many. */
async function relayed(count: number): Promise<OutboxEvent[]> {
  const reader = new Consumer({
    ...connection.options,
    groupId: `${connection.prefix}readers-${newId()}`,
    deserializers: stringDeserializers,
    requestTimeout: 15_000,
    maxWaitTime: 500,
  });
  const found: OutboxEvent[] = [];
  const stream = await reader.consume({
    topics: [`${connection.prefix}route.events`],
    mode: 'earliest',
  });
  stream.on('data', ({ value }) => found.push(JSON.parse(value)));
  const deadline = performance.now() + 30_000;
  while (found.length < count && performance.now() < deadline) await sleep(50);
  await sleep(500);
  await stream.close();
  await reader.close(true);
  return found;
}

function numbersOf(events: readonly OutboxEvent[], organizationId: string) {
  const own = events.filter((event) => event.organizationId === organizationId);
  return own.map(({ body }) => body['number']);
}

async function waitingIn(metrics: ReturnType<typeof createMetrics>): Promise<number> {
  const text = await metrics.registry.getSingleMetricAsString('quantumroute_route_relay_waiting');
  return Number(/quantumroute_route_relay_waiting\S* (\d+)/.exec(text)?.[1]);
}

async function untilNothingWaits(metrics: ReturnType<typeof createMetrics>): Promise<void> {
  const deadline = performance.now() + 30_000;
  while ((await waitingIn(metrics)) > 0) {
    assert.ok(performance.now() < deadline, 'the relay is not done');
    await sleep(50);
  }
}

const inOrder = (count: number) => Array.from({ length: count }, (_none, number) => number);

test('events reach Kafka once each and in order, however many relays run', { skip }, async () => {
  const organizations = [newId(), newId(), newId()];
  await happen(organizations, 20);
  const relays = [startRelay(), startRelay(), startRelay()];
  const [first] = relays;
  assert.ok(first);
  await untilNothingWaits(first.metrics);
  const events = await relayed(60);
  for (const organizationId of organizations) {
    assert.deepEqual(numbersOf(events, organizationId), inOrder(20));
  }
  for (const { relay } of relays) await relay[Symbol.asyncDispose]();
});

test(
  'nothing is lost while Kafka is away, and a relay goes on where the last one was',
  { skip },
  async () => {
    const organizationId = newId();
    const before = startRelay();
    await happen([organizationId], 10);
    await untilNothingWaits(before.metrics);
    await kafka.kill();
    await happen([organizationId], 1);
    await sleep(1_000);
    assert.ok((await waitingIn(before.metrics)) > 0);
    const stoppingAt = performance.now();
    await before.relay[Symbol.asyncDispose]();
    assert.ok(performance.now() - stoppingAt < 8_000);
    await kafka.start();
    const later = startRelay();
    await untilNothingWaits(later.metrics);
    const numbers = numbersOf(await relayed(11), organizationId);
    assert.deepEqual([...new Set(numbers)], inOrder(10));
    assert.deepEqual(numbers.at(-1), 0);
    await later.relay[Symbol.asyncDispose]();
  },
);
