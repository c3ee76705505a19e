import { Counter, Gauge } from 'prom-client';

import type { Metrics } from '@quantumroute/ops/metrics';
import type { Postgres } from '@quantumroute/ops/postgres';

import { countUnrelayed } from '../storage/stores/relay-positions.ts';

export type RelayMetrics = { readonly relayed: Counter; readonly failures: Counter };

const COUNTED_AT_MOST = 10_000;

/** What the relay has done, and what it has yet to do: the latter is read when somebody asks. */
export function createRelayMetrics({
  metrics: { registry },
  postgres,
  target,
}: {
  metrics: Metrics;
  postgres: Postgres;
  target: string;
}): RelayMetrics {
  const registers = [registry];
  const lag = new Gauge({
    name: 'quantumroute_route_relay_lag_seconds',
    help: 'Age of the oldest event that Kafka has not got yet',
    registers,
  });
  const waiting = new Gauge({
    name: 'quantumroute_route_relay_waiting',
    help: `Events that Kafka has not got yet; more than ${COUNTED_AT_MOST} are not counted`,
    registers,
  });
  Object.assign(waiting, {
    collect: async () => {
      lag.reset();
      waiting.reset();
      try {
        const unrelayed = await countUnrelayed(postgres.fork(), target, COUNTED_AT_MOST);
        waiting.set(unrelayed.events);
        lag.set(unrelayed.oldestSeconds);
      } catch {
        // Unknown while the database is away.
      }
    },
  });
  return {
    relayed: new Counter({
      name: 'quantumroute_route_relayed_events_total',
      help: 'Events that this process has told Kafka',
      registers,
    }),
    failures: new Counter({
      name: 'quantumroute_route_relay_failures_total',
      help: 'Batches of events that Kafka did not take',
      registers,
    }),
  };
}
