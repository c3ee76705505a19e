import { operatorRoutes } from '@quantumroute/ops/health';
import { createHttpServer } from '@quantumroute/ops/http';
import type { Logger } from '@quantumroute/ops/log';
import { createMetrics } from '@quantumroute/ops/metrics';
import { startTracing } from '@quantumroute/ops/tracing';

import type { ReportConfig } from '../config.ts';
import { openQueue } from '../queue/open-queue.ts';
import { startReportWorker } from '../worker/report-worker.ts';
import { openAttemptParts } from './attempt-parts.ts';
import { openFacts } from './open-facts.ts';

/** Opens the parts of a worker in order and takes reports. */
export async function work(
  stack: AsyncDisposableStack,
  { config, log }: { config: ReportConfig; log: Logger },
): Promise<void> {
  stack.defer(await startTracing({ service: 'report-worker', config }));
  const metrics = createMetrics('report-worker');
  const parts = await openAttemptParts(stack, { config, log, metrics });
  await parts.store.check();
  await openFacts(stack, { config, store: parts.store, log, metrics });
  const queue = await openQueue(config, { log, metrics });
  stack.defer(() => queue.close());
  const stopping = new AbortController();
  const http = createHttpServer({
    log,
    metrics,
    routes: operatorRoutes({
      log,
      metrics,
      readiness: { postgres: () => parts.postgres.ping(), store: () => parts.store.check() },
      isStopping: () => stopping.signal.aborted,
    }),
  });
  stack.defer(() => http.close());
  const { url } = await http.listen(config.REPORT_WORKER_PORT, config.HOST);
  const worker = startReportWorker({
    ...parts,
    queue,
    metrics,
    concurrency: config.REPORT_WORKER_CONCURRENCY,
    drainMs: config.REPORT_WORKER_DRAIN_MS,
  });
  // Closed before the server that tells how it is: operators can watch it finish.
  stack.defer(() => {
    stopping.abort();
    return worker.close();
  });
  log.info({ url }, 'report worker is ready');
}
