import { Counter, Histogram } from 'prom-client';

import type { Metrics } from '@quantumroute/ops/metrics';

import type { ReportKind } from '../storage/report-entity.ts';
import type { Outcome } from './attempt.ts';

export type WorkerMetrics = {
  readonly runSeconds: Histogram<'kind' | 'outcome'>;
  readonly attempts: Counter<'kind' | 'number'>;
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
  };
}

/** Counts one attempt that has ended. */
export function observeAttempt(
  metrics: WorkerMetrics,
  attempt: { kind: ReportKind; number: number; outcome: Outcome; seconds: number },
): void {
  const { kind, number, outcome, seconds } = attempt;
  metrics.runSeconds.observe({ kind, outcome }, seconds);
  metrics.attempts.inc({ kind, number: String(number) });
}
