import { hostname } from 'node:os';

import { operatorRoutes } from '@quantumroute/ops/health';
import { createHttpServer } from '@quantumroute/ops/http';
import { runService } from '@quantumroute/ops/lifecycle';
import { createLogger } from '@quantumroute/ops/log';
import { createMetrics } from '@quantumroute/ops/metrics';

import { createFolderStore } from './artifacts/folder-store.ts';
import type { ReportConfig } from './config.ts';
import { readConfig } from './config.ts';
import { createReportChanges } from './live/report-changes.ts';
import { createReportPublisher, subscribeToReports } from './live/report-events.ts';
import { createBullmqQueue } from './queue/bullmq-queue.ts';
import { createReportServer } from './server.ts';
import { migrateStorage, openStorage } from './storage/open-storage.ts';
import type { AttemptParts } from './worker/attempt.ts';
import { WorkerStopping, attemptReport } from './worker/attempt.ts';
import { startReportWorker } from './worker/report-worker.ts';

const command = process.argv[2] ?? 'serve';
const name = command === 'worker' || command === 'attempt' ? 'report-worker' : 'report';
const log = createLogger({ service: name });

if (command === 'serve') await runService({ name, log, start: serve });
else if (command === 'worker') await runService({ name, log, start: work });
else if (command === 'migrate') await migrate();
else if (command === 'attempt') await attempt(process.argv[3] ?? '');
else refuse(`main.ts needs the command serve, worker or migrate, got ${command}`);

async function serve(stack: AsyncDisposableStack): Promise<void> {
  const config = readOwnConfig();
  const metrics = createMetrics('report');
  const redis = { redisUrl: config.REDIS_URL, redisPrefix: config.REDIS_PREFIX, log };
  const postgres = await openStorage({ config, log, metrics });
  stack.defer(() => postgres.close());
  const store = createFolderStore(config.REPORT_STORE_DIR);
  const queue = createBullmqQueue(redis);
  stack.defer(() => queue.close());
  const publisher = createReportPublisher(redis);
  stack.defer(() => publisher.close());
  const changes = createReportChanges({ postgres, log });
  stack.defer(() => changes.close());
  const events = subscribeToReports(redis, {
    onEvent: changes.tell,
    onGap: () => void changes.catchUp(),
  });
  stack.defer(() => events.close());
  const { publish } = publisher;
  const parts = { config, postgres, queue, store, publish, changes, log, metrics };
  const server = await createReportServer(parts);
  stack.defer(() => server.close());
  const { url } = await server.listen(config.REPORT_PORT, config.HOST);
  log.info({ url }, 'report is ready');
}

async function work(stack: AsyncDisposableStack): Promise<void> {
  const config = readOwnConfig();
  const metrics = createMetrics('report-worker');
  const parts = await openAttemptParts(stack, config, metrics);
  await parts.store.check();
  const queue = createBullmqQueue({
    redisUrl: config.REDIS_URL,
    redisPrefix: config.REDIS_PREFIX,
    log,
  });
  stack.defer(() => queue.close());
  const worker = startReportWorker({
    ...parts,
    queue,
    metrics,
    concurrency: config.REPORT_WORKER_CONCURRENCY,
    drainMs: config.REPORT_WORKER_DRAIN_MS,
  });
  stack.defer(() => worker.close());
  const readiness = { postgres: () => parts.postgres.ping(), store: () => parts.store.check() };
  const http = createHttpServer({
    log,
    metrics,
    routes: operatorRoutes({ log, metrics, readiness }),
  });
  stack.defer(() => http.close());
  const { url } = await http.listen(config.REPORT_WORKER_PORT, config.HOST);
  log.info({ url }, 'report worker is ready');
}

/** One attempt at one report: how a worker keeps a report that may crash it away from itself. */
async function attempt(reportId: string): Promise<void> {
  const stopping = new AbortController();
  const stop = () => stopping.abort(new WorkerStopping('The worker stops'));
  process.once('SIGTERM', stop);
  process.once('disconnect', () => process.exit(1));
  // The terminal tells us too; our worker decides what becomes of us.
  process.on('SIGINT', () => undefined);
  await using stack = new AsyncDisposableStack();
  const parts = await openAttemptParts(stack, readOwnConfig(), createMetrics('report-worker'));
  const { outcome } = await attemptReport(parts, reportId, stopping.signal);
  log.info({ reportId, outcome }, 'attempt ended in its own process');
  process.disconnect?.();
}

async function openAttemptParts(
  stack: AsyncDisposableStack,
  config: ReportConfig,
  metrics: ReturnType<typeof createMetrics>,
): Promise<AttemptParts> {
  const postgres = await openStorage({ config, log, metrics });
  stack.defer(() => postgres.close());
  const publisher = createReportPublisher({
    redisUrl: config.REDIS_URL,
    redisPrefix: config.REDIS_PREFIX,
    log,
  });
  stack.defer(() => publisher.close());
  return {
    postgres,
    databaseUrl: config.DATABASE_URL,
    store: createFolderStore(config.REPORT_STORE_DIR),
    publish: publisher.publish,
    log,
    limits: {
      maxRows: config.REPORT_MAX_ROWS,
      runTimeoutMs: config.REPORT_RUN_TIMEOUT_MS,
      retentionDays: config.REPORT_RETENTION_DAYS,
    },
    workerId: `${hostname()}:${process.pid}`,
  };
}

async function migrate(): Promise<void> {
  try {
    await migrateStorage({ config: readOwnConfig(), log });
  } catch (error) {
    log.debug({ err: error }, 'not migrated');
    refuse(error instanceof Error ? error.message : String(error));
  }
}

function readOwnConfig(): ReportConfig {
  const config = readConfig(process.env);
  log.level = config.LOG_LEVEL;
  return config;
}

function refuse(message: string): void {
  log.fatal(message);
  process.exitCode = 1;
}
