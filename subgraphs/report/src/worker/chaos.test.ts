import { after, before, test } from 'node:test';

import { testKafka, testPostgres, withoutKafka } from '@quantumroute/ops/local/testing';
import type { TestPostgres } from '@quantumroute/ops/local/testing';

import { surviveEverything } from '../../test/chaos/survive.ts';
import type { Scenario } from '../../test/chaos/survive.ts';

const left = process.env['CHAOS'] === 'full' ? false : 'npm run test:chaos -- reports runs it';

const SMALL: Scenario = {
  settings: { REPORT_QUEUE: 'bullmq' },
  reports: 40,
  stops: 200,
  workers: 3,
  faults: [
    [0.1, 'crash PostgreSQL'],
    [0.4, 'flush Redis'],
    [0.4, 'kill a worker'],
  ],
  timeoutMs: 300_000,
};

const FULL: Scenario = {
  settings: { REPORT_QUEUE: 'bullmq' },
  reports: 300,
  stops: 500,
  workers: 5,
  faults: [
    [0.05, 'kill a worker'],
    [0.15, 'flush Redis'],
    [0.15, 'kill a worker'],
    [0.3, 'crash PostgreSQL'],
    [0.45, 'kill a worker'],
  ],
  timeoutMs: 540_000,
};

let server: TestPostgres;
const kafkaMissing = withoutKafka();

before(async () => {
  if (left !== false) return;
  server = await testPostgres();
  process.env['TEST_DATABASE_URL'] = server.url;
});

after(() => server?.stop());

test(
  '40 reports survive a killed worker, a flushed Redis and a crashed PostgreSQL',
  { timeout: SMALL.timeoutMs, skip: left },
  () => surviveEverything(server, SMALL),
);

test('300 reports survive everything, with BullMQ', { timeout: FULL.timeoutMs, skip: left }, () =>
  surviveEverything(server, FULL),
);

test(
  '300 reports survive everything, with Kafka',
  { timeout: FULL.timeoutMs, skip: left || kafkaMissing },
  async () => {
    const kafka = await testKafka();
    const settings = { REPORT_QUEUE: 'kafka', KAFKA_BROKERS: kafka.brokers };
    await surviveEverything(server, { ...FULL, settings }).finally(() => kafka.stop());
  },
);
