import type { Metrics } from '@quantumroute/ops/metrics';

import type { ReportQueue } from '../queue/report-queue.ts';
import { renewLease } from '../storage/lease-store.ts';
import { countOpenReports } from '../storage/reconcile-store.ts';
import type { Report } from '../storage/report-entity.ts';
import type { AttemptParts, Outcome } from './attempt.ts';
import { WorkerStopping, claim, runAttempt } from './attempt.ts';
import { LEASE_MS, startHeartbeat } from './heartbeat.ts';
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
    () => handle(parts, { signal: stopping.signal, workerMetrics }),
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

type Run = { signal: AbortSignal; workerMetrics: WorkerMetrics };

/** A hint says that something waits, whatever it names: whose turn it is the rows decide. */
async function handle(parts: WorkerParts, { signal, workerMetrics }: Run): Promise<void> {
  const startedAt = performance.now();
  try {
    const claimed = await claim(parts);
    if (claimed === null) return;
    const { report, lostItsWorker } = claimed;
    const outcome = lostItsWorker
      ? await runApart(parts, report, signal)
      : await runAttempt(parts, report, signal);
    const { id: reportId, kind, attempt: number } = report;
    const seconds = (performance.now() - startedAt) / 1000;
    observeAttempt(workerMetrics, { kind, number, outcome, seconds });
    parts.log.info({ reportId, kind, attempt: number, outcome, seconds }, 'attempt ended');
  } catch (error) {
    // Nothing was claimed: the reconciler offers the report again.
    parts.log.warn({ err: error }, 'report could not be claimed');
  }
}

/**
 * A report that has lost a worker may be what killed it. It gets a process of its own, so that at
 * most its first attempt can harm the reports beside it. Our heartbeat bridges the child's start.
 */
async function runApart(
  { postgres, log }: WorkerParts,
  report: Report,
  signal: AbortSignal,
): Promise<Outcome> {
  const fence = { reportId: report.id, attempt: report.attempt };
  const lost = new AbortController();
  const heartbeat = startHeartbeat({
    fence,
    renew: () => renewLease(postgres.fork(), fence, LEASE_MS),
    lost: (error) => lost.abort(error),
  });
  try {
    return await runInOwnProcess(fence, { signal: AbortSignal.any([signal, lost.signal]), log });
  } finally {
    heartbeat.stop();
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
