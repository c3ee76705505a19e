import type { Metrics } from '@quantumroute/ops/metrics';

import type { ReportQueue } from '../queue/report-queue.ts';
import { countOpenReports, lostItsWorker } from '../storage/reconcile-store.ts';
import type { AttemptParts } from './attempt.ts';
import { WorkerStopping, attemptReport } from './attempt.ts';
import { runInOwnProcess } from './own-process.ts';
import { startReconciler } from './reconciler.ts';
import type { WorkerMetrics } from './worker-metrics.ts';
import { createWorkerMetrics, observeAttempt } from './worker-metrics.ts';

export type WorkerParts = AttemptParts & {
  readonly queue: ReportQueue;
  readonly metrics: Metrics;
  readonly concurrency: number;
  readonly drainMs: number;
};

/** Takes hints and runs reports until it is closed; no report can end it by failing. */
export function startReportWorker(parts: WorkerParts): { close(): Promise<void> } {
  const stopping = new AbortController();
  const workerMetrics = createWorkerMetrics(parts.metrics);
  observeQueue(parts);
  const consumer = parts.queue.consume(
    (reportId) => handle(parts, { reportId, signal: stopping.signal, workerMetrics }),
    parts.concurrency,
  );
  const reconciler = startReconciler(parts);
  return {
    close: async () => {
      const cut = setTimeout(
        () => stopping.abort(new WorkerStopping('The worker stops')),
        parts.drainMs,
      );
      await Promise.all([consumer.close(), reconciler.stop()]);
      clearTimeout(cut);
    },
  };
}

type Run = { reportId: string; signal: AbortSignal; workerMetrics: WorkerMetrics };

/**
 * A report that has lost a worker may be what killed it. It gets a process of its own, so that at
 * most its first attempt can harm the reports beside it.
 */
async function handle(parts: WorkerParts, { reportId, signal, workerMetrics }: Run): Promise<void> {
  const startedAt = performance.now();
  try {
    if (await lostItsWorker(parts.postgres.fork(), reportId)) {
      await runInOwnProcess(reportId, { signal, log: parts.log });
      return;
    }
    const { outcome, report } = await attemptReport(parts, reportId, signal);
    if (report === null) return;
    const { kind, attempt: number } = report;
    const seconds = (performance.now() - startedAt) / 1000;
    observeAttempt(workerMetrics, { kind, number, outcome, seconds });
    parts.log.info({ reportId, kind, attempt: number, outcome, seconds }, 'attempt ended');
  } catch (error) {
    // Nothing was claimed: the reconciler offers the report again.
    parts.log.warn({ err: error, reportId }, 'report could not be claimed');
  }
}

/** Read when somebody asks for the metrics; unknown while a store is away. */
function observeQueue({ metrics, queue, postgres }: WorkerParts): void {
  const gauge = metrics.queueLength;
  Object.assign(gauge, {
    collect: async () => {
      const [hints, open] = await Promise.allSettled([
        queue.length(),
        countOpenReports(postgres.fork()),
      ]);
      gauge.reset();
      if (hints.status === 'fulfilled') {
        gauge.set({ queue: 'hints', state: 'waiting' }, hints.value.waiting);
        gauge.set({ queue: 'hints', state: 'active' }, hints.value.active);
      }
      if (open.status === 'fulfilled') {
        gauge.set({ queue: 'reports', state: 'requested' }, open.value['REQUESTED'] ?? 0);
        gauge.set({ queue: 'reports', state: 'running' }, open.value['RUNNING'] ?? 0);
      }
    },
  });
}
