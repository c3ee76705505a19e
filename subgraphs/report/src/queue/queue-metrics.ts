import { Counter } from 'prom-client';

import type { Metrics } from '@quantumroute/ops/metrics';

/** Why a hint was put aside. */
export type DeathReason = 'unreadable' | 'failed';

export type QueueMetrics = {
  readonly deadLetters: Counter<'reason'>;
  readonly assignments: Counter;
  readonly lostSessions: Counter;
};

/** What a consumer of Kafka measures. */
export function createQueueMetrics({ registry }: Metrics): QueueMetrics {
  const registers = [registry];
  return {
    deadLetters: new Counter({
      name: 'quantumroute_report_dead_letters_total',
      help: 'Hints that were put aside, by reason',
      labelNames: ['reason'],
      registers,
    }),
    assignments: new Counter({
      name: 'quantumroute_report_queue_assignments_total',
      help: 'Times that Kafka gave this worker its partitions anew',
      registers,
    }),
    lostSessions: new Counter({
      name: 'quantumroute_report_queue_lost_sessions_total',
      help: 'Times that this worker lost Kafka and began again',
      registers,
    }),
  };
}
