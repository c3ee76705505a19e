import type { Metrics } from '@quantumroute/ops/metrics';
import { currentRequest, runDetached } from '@quantumroute/ops/request';
import { traceHeaderOf } from '@quantumroute/ops/tracing';

import type { ReportQueue } from '../queue/report-queue.ts';
import { renewLease } from '../storage/lease-store.ts';
import type { Report } from '../storage/report-entity.ts';
import { countRows, isAnyDue } from '../storage/open-reports.ts';
import { inAttemptSpan } from './attempt-span.ts';
import type { AttemptParts, Outcome } from './attempt.ts';
import { WorkerStopping, claim, runAttempt } from './attempt.ts';
import { LEASE_MS, startHeartbeat } from './heartbeat.ts';
import { runInOwnProcess } from './own-process.ts';
import { createPlaces } from './places.ts';
import { startReconciler } from './reconciler.ts';
import type { WorkerMetrics } from './worker-metrics.ts';
import { createWorkerMetrics, observeAttempt, observeQueue } from './worker-metrics.ts';

export type WorkerParts = AttemptParts & {
  readonly queue: ReportQueue;
  readonly metrics: Metrics;
  readonly concurrency: number;
  readonly drainMs: number;
};

/**
 * Runs the reports whose turn it is until it is closed; no report can end it by failing. A hint
 * makes it look at once. What no hint came for it finds by itself: queues make it quicker, and
 * nothing depends on them.
 */
export function startReportWorker(parts: WorkerParts): { close(): Promise<void> } {
  const cut = new AbortController();
  const places = createPlaces(parts.concurrency);
  const own = new Set<Promise<void>>();
  let isStopping = false;
  const workerMetrics = createWorkerMetrics(parts.metrics);
  observeQueue(parts);
  const runNext = () =>
    places.run(
      async () => !isStopping && (await next(parts, { signal: cut.signal, workerMetrics })),
    );
  const consumer = parts.queue.consume(async () => void (await runNext()), parts.concurrency);
  const runAllDue = async () => {
    try {
      while (await runNext());
    } catch (error) {
      parts.log.warn({ err: error }, 'report could not be claimed');
    }
  };
  const reconciler = startReconciler({
    ...parts,
    takeDue: async () => {
      if (places.free() === 0 || isStopping || !(await isAnyDue(parts.postgres.fork()))) return;
      for (let place = places.free(); place > 0; place -= 1) {
        const run = runAllDue().finally(() => own.delete(run));
        own.add(run);
      }
    },
  });
  return {
    close: async () => {
      isStopping = true;
      const patience = setTimeout(
        () => cut.abort(new WorkerStopping('The worker stops')),
        parts.drainMs,
      );
      await Promise.all([consumer.close(), reconciler.stop()]);
      while (own.size > 0) await Promise.all(own);
      clearTimeout(patience);
    },
  };
}

const START_TIMEOUT_MS = 30_000;

type Run = { signal: AbortSignal; workerMetrics: WorkerMetrics };

/**
 * Runs the report whose turn it is; false when none waits. Rejects when that could not be found out:
 * the report waits for the next who looks.
 */
async function next(parts: WorkerParts, { signal, workerMetrics }: Run): Promise<boolean> {
  const startedAt = performance.now();
  const claimed = await claim(parts);
  if (claimed === null) return false;
  const { report, lostItsWorker } = claimed;
  workerMetrics.running.inc();
  try {
    const run = lostItsWorker ? runApart : runAttempt;
    const outcome = await inAttemptSpan(report, () => run(parts, report, signal));
    const { id: reportId, kind, attempt: number } = report;
    const seconds = (performance.now() - startedAt) / 1000;
    const em = parts.postgres.fork();
    const rows = outcome === 'succeeded' ? await countRows(em, reportId).catch(() => 0) : 0;
    observeAttempt(workerMetrics, { kind, number, outcome, rows, seconds });
    parts.log.info({ reportId, kind, attempt: number, outcome, rows, seconds }, 'attempt ended');
  } finally {
    workerMetrics.running.dec();
  }
  return true;
}

/**
 * A report that has lost a worker may be what killed it. It gets a process of its own, so that at
 * most its first attempt can harm the reports beside it. Our heartbeat bridges the child's start.
 */
async function runApart(
  { postgres, log, limits }: WorkerParts,
  report: Report,
  signal: AbortSignal,
): Promise<Outcome> {
  const fence = { reportId: report.id, attempt: report.attempt };
  const lost = new AbortController();
  const heartbeat = startHeartbeat({
    fence,
    renew: () => runDetached(() => renewLease(postgres.fork(), fence, LEASE_MS)),
    lost: (error) => lost.abort(error),
  });
  const { span } = currentRequest() ?? {};
  try {
    // The child minds its time itself, once it has started.
    const tooLong = AbortSignal.timeout(limits.runTimeoutMs + START_TIMEOUT_MS);
    const ends = AbortSignal.any([signal, lost.signal, tooLong]);
    const header = span && traceHeaderOf(span);
    return await runInOwnProcess(fence, { signal: ends, log, traceHeader: header });
  } finally {
    heartbeat.stop();
  }
}
