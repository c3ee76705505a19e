import type { Logger } from '@quantumroute/ops/log';
import { createMetrics } from '@quantumroute/ops/metrics';
import { startTracing } from '@quantumroute/ops/tracing';

import type { ReportConfig } from '../config.ts';
import { adoptReport } from '../storage/lease-store.ts';
import { inAttemptSpan } from '../worker/attempt-span.ts';
import { WorkerStopping, runAttempt } from '../worker/attempt.ts';
import { openAttemptParts } from './attempt-parts.ts';

/**
 * Carries an attempt out that our worker has claimed: how a worker keeps a report that may crash it
 * away from itself. Ends with the worker, whatever becomes of it.
 */
export async function attempt(
  [reportId = '', number = '', traceHeader]: readonly string[],
  { config, log }: { config: ReportConfig; log: Logger },
): Promise<void> {
  const stopping = new AbortController();
  process.once('SIGTERM', () => stopping.abort(new WorkerStopping('The worker stops')));
  const orphaned = () => process.exit(1);
  process.once('disconnect', orphaned);
  // The terminal tells us too; our worker decides what becomes of us.
  process.on('SIGINT', () => undefined);
  await using stack = new AsyncDisposableStack();
  stack.defer(await startTracing({ service: 'report-worker', config }));
  const metrics = createMetrics('report-worker');
  const parts = await openAttemptParts(stack, { config, log, metrics });
  const fence = { reportId, attempt: Number(number) };
  const report = await adoptReport(parts.postgres.fork(), fence, parts.workerId);
  const run = () => runAttempt(parts, report, stopping.signal);
  const outcome = await inAttemptSpan(report, run, traceHeader);
  log.info({ ...fence, outcome }, 'attempt ended in its own process');
  process.off('disconnect', orphaned);
  process.send?.(outcome, () => process.disconnect());
}
