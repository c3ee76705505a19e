import { Counter, Gauge, Histogram } from 'prom-client';

import type { Metrics } from '@quantumroute/ops/metrics';
import type { Postgres } from '@quantumroute/ops/postgres';

import type { ReportQueue } from '../queue/report-queue.ts';
import type { ReportKind } from '../storage/report-entity.ts';
import { countOpenReports } from '../storage/open-reports.ts';
import type { Outcome } from './attempt.ts';

export type WorkerMetrics = {
  readonly runSeconds: Histogram<'kind' | 'outcome'>;
  readonly attempts: Counter<'kind' | 'number'>;
  readonly rows: Counter<'kind'>;
  readonly running: Gauge;
};

/** What a worker measures beside the metrics of every service. */
export function createWorkerMetrics({ registry }: Metrics): WorkerMetrics {
  const registers = [registry];
  return {
    runSeconds: new Histogram({
      name: 'quantumroute_report_run_seconds',
      help: 'Time of attempts at reports',
      labelNames: ['kind', 'outcome'],
      buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300],
      registers,
    }),
    attempts: new Counter({
      name: 'quantumroute_report_attempts_total',
      help: 'Attempts at reports by their number',
      labelNames: ['kind', 'number'],
      registers,
    }),
    rows: new Counter({
      name: 'quantumroute_report_rows_total',
      help: 'Rows of reports that succeeded',
      labelNames: ['kind'],
      registers,
    }),
    running: new Gauge({
      name: 'quantumroute_report_running',
      help: 'Reports that this worker runs now',
      registers,
    }),
  };
}

/** Counts one attempt that has ended. */
export function observeAttempt(
  metrics: WorkerMetrics,
  attempt: { kind: ReportKind; number: number; outcome: Outcome; rows: number; seconds: number },
): void {
  const { kind, number, outcome, rows, seconds } = attempt;
  metrics.runSeconds.observe({ kind, outcome }, seconds);
  metrics.attempts.inc({ kind, number: String(number) });
  metrics.rows.inc({ kind }, rows);
}

/**
 * What waits for all workers together, which they are scaled on: read when somebody asks for the
 * metrics, unknown while a store is away.
 */
export function observeQueue(parts: {
  metrics: Metrics;
  queue: ReportQueue;
  postgres: Postgres;
}): void {
  const { metrics, queue, postgres } = parts;
  const oldest = new Gauge({
    name: 'quantumroute_report_oldest_waiting_seconds',
    help: 'How long the report that waits longest has waited',
    registers: [metrics.registry],
  });
  const gauge = metrics.queueLength;
  Object.assign(gauge, {
    collect: async () => {
      const [hints, open] = await Promise.allSettled([
        queue.length(),
        countOpenReports(postgres.fork()),
      ]);
      gauge.reset();
      oldest.reset();
      if (hints.status === 'fulfilled') {
        gauge.set({ queue: 'hints', state: 'waiting' }, hints.value.waiting);
        gauge.set({ queue: 'hints', state: 'active' }, hints.value.active);
      }
      if (open.status === 'fulfilled') {
        gauge.set({ queue: 'reports', state: 'requested' }, open.value.requested);
        gauge.set({ queue: 'reports', state: 'running' }, open.value.running);
        oldest.set(open.value.oldestSeconds);
      }
    },
  });
}
