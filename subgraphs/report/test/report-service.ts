import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createLogger } from '@quantumroute/ops/log';
import { createMetrics } from '@quantumroute/ops/metrics';
import type { Metrics } from '@quantumroute/ops/metrics';
import type { Postgres } from '@quantumroute/ops/postgres';
import type { SubgraphOperation, SubgraphServer } from '@quantumroute/ops/subgraph-server';
import { testRedis } from '@quantumroute/ops/local/testing';
import type { TestRedis } from '@quantumroute/ops/local/testing';

import type { ArtifactStore } from '../src/artifacts/artifact-store.ts';
import { openStore } from '../src/artifacts/open-store.ts';
import { readConfig } from '../src/config.ts';
import { createReportChanges } from '../src/live/report-changes.ts';
import {
  createReportPublisher,
  openReportLog,
  subscribeToReports,
} from '../src/live/report-events.ts';
import type { PublishReport } from '../src/live/report-events.ts';
import { openQueue } from '../src/queue/open-queue.ts';
import type { ReportQueue } from '../src/queue/report-queue.ts';
import { createReportServer } from '../src/server.ts';
import { openStorage } from '../src/storage/open-storage.ts';
import type { World } from './world.ts';
import { createWorld } from './world.ts';

/** The report service in this process, on stores of its own, with everything a test may look at. */
export type ReportService = {
  readonly world: World;
  readonly redis: TestRedis;
  readonly env: Readonly<Record<string, string>>;
  readonly postgres: Postgres;
  readonly queue: ReportQueue;
  readonly store: ArtifactStore;
  readonly publish: PublishReport;
  readonly metrics: Metrics;
  readonly server: SubgraphServer;
  /** Runs an operation and gives its data; throws when there are errors. */
  data<T = Record<string, never>>(operation: SubgraphOperation): Promise<T>;
  close(): Promise<void>;
};

export async function startReportService(
  settings: Record<string, string> = {},
): Promise<ReportService> {
  await using started = new AsyncDisposableStack();
  const world = await createWorld();
  started.defer(() => world.drop());
  const redis = await testRedis();
  started.defer(() => redis.stop());
  const directory = await mkdtemp(join(tmpdir(), 'quantumroute-reports-'));
  started.defer(() => rm(directory, { recursive: true, force: true }));
  const env = {
    NODE_ENV: 'test',
    LOG_LEVEL: 'silent',
    DATABASE_URL: world.databaseUrl,
    REDIS_URL: redis.url,
    REDIS_PREFIX: 'test:',
    SERVICE_IDENTITY_SECRET: 'a secret that only this test has seen',
    DOWNLOAD_SECRET: 'another secret that only this test has seen',
    REPORT_STORE_DIR: directory,
    PUBLIC_URL: 'http://public.example',
    ...settings,
  };
  const config = readConfig(env);
  const log = createLogger({ service: 'report-test', level: 'silent' });
  const metrics = createMetrics('report-test');
  const postgres = await openStorage({ config, log, metrics });
  started.defer(() => postgres.close());
  const connection = { redisUrl: redis.url, redisPrefix: config.REDIS_PREFIX, log };
  const queue = await openQueue(config, { log, metrics });
  started.defer(() => queue.close());
  const publisher = createReportPublisher(connection);
  started.defer(() => publisher.close());
  const reportLog = openReportLog(connection);
  started.defer(() => reportLog.close());
  const changes = createReportChanges({ postgres, events: reportLog.log, log });
  started.defer(() => changes.close());
  const events = subscribeToReports(connection, {
    onEvent: changes.tell,
    onGap: () => void changes.catchUp(),
  });
  started.defer(() => events.close());
  const store = await openStore(started, config);
  const { publish } = publisher;
  const parts = { config, postgres, queue, store, publish, changes, log, metrics };
  const server = await createReportServer(parts);
  started.defer(() => server.close({ graceMs: 100 }));
  const running = started.move();
  return {
    world,
    redis,
    env,
    postgres,
    queue,
    store,
    publish,
    metrics,
    server,
    data: async <T>(operation: SubgraphOperation) => {
      const { data, errors } = await server.execute(operation);
      if (errors) throw new Error(`Unexpected errors: ${JSON.stringify(errors)}`);
      return structuredClone(data) as T;
    },
    close: () => running.disposeAsync(),
  };
}
