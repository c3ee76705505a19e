import { hostname } from 'node:os';

import type { Logger } from '@quantumroute/ops/log';
import type { Metrics } from '@quantumroute/ops/metrics';

import { openStore } from '../artifacts/open-store.ts';
import type { ReportConfig } from '../config.ts';
import { listenForCancellations } from '../live/cancellations.ts';
import { createReportPublisher } from '../live/report-events.ts';
import { openStorage } from '../storage/open-storage.ts';
import type { AttemptParts } from '../worker/attempt.ts';

/** What a worker needs for attempts at reports, in whichever process they are made. */
export async function openAttemptParts(
  stack: AsyncDisposableStack,
  { config, log, metrics }: { config: ReportConfig; log: Logger; metrics: Metrics },
): Promise<AttemptParts> {
  const postgres = await openStorage({ config, log, metrics });
  stack.defer(() => postgres.close());
  const redis = {
    redisUrl: config.REDIS_URL,
    redisPrefix: config.REDIS_PREFIX,
    logEntries: config.REDIS_EVENT_LOG_ENTRIES,
    log,
  };
  const publisher = createReportPublisher(redis);
  stack.defer(() => publisher.close());
  const cancellations = listenForCancellations(redis);
  stack.defer(() => cancellations.close());
  return {
    postgres,
    databaseUrl: config.DATABASE_URL,
    store: await openStore(stack, config),
    publish: publisher.publish,
    onCanceled: cancellations.onCanceled,
    log,
    limits: {
      maxRows: config.REPORT_MAX_ROWS,
      maxExportRows: config.REPORT_MAX_EXPORT_ROWS,
      storedRows: config.REPORT_STORED_ROWS,
      runTimeoutMs: config.REPORT_RUN_TIMEOUT_MS,
      retentionDays: config.REPORT_RETENTION_DAYS,
    },
    workerId: `${hostname()}:${process.pid}`,
  };
}
