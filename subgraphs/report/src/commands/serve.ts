import type { Logger } from '@quantumroute/ops/log';
import { createMetrics } from '@quantumroute/ops/metrics';
import type { MountedSubgraph } from '@quantumroute/ops/mounted-subgraph';

import { openStore } from '../artifacts/open-store.ts';
import type { ReportConfig } from '../config.ts';
import { createReportChanges } from '../live/report-changes.ts';
import { createReportPublisher, openReportLog, subscribeToReports } from '../live/report-events.ts';
import { openQueue } from '../queue/open-queue.ts';
import { createReportServer } from '../server.ts';
import { openStorage } from '../storage/open-storage.ts';

/** Opens the parts of the service in order and listens. */
export async function serve(
  stack: AsyncDisposableStack,
  { config, log }: { config: ReportConfig; log: Logger },
): Promise<MountedSubgraph> {
  const metrics = createMetrics('report');
  const redis = {
    redisUrl: config.REDIS_URL,
    redisPrefix: config.REDIS_PREFIX,
    logEntries: config.REDIS_EVENT_LOG_ENTRIES,
    log,
  };
  const postgres = await openStorage({ config, log, metrics });
  stack.defer(() => postgres.close());
  const store = await openStore(stack, config);
  const queue = await openQueue(config, { log, metrics });
  stack.defer(() => queue.close());
  const publisher = createReportPublisher(redis);
  stack.defer(() => publisher.close());
  const reportLog = openReportLog(redis);
  stack.defer(() => reportLog.close());
  const changes = createReportChanges({ postgres, events: reportLog.log, log });
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
  return { ask: server.ask, url: `${url}/graphql` };
}
