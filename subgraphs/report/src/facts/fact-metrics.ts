import { Counter, Gauge } from 'prom-client';

import type { Metrics } from '@quantumroute/ops/metrics';
import type { Postgres } from '@quantumroute/ops/postgres';

export type FactMetrics = {
  readonly projected: Counter;
  readonly setAside: Counter;
};

const MOST_COUNTED = 10_000;

/** What is measured of the way from events to numbers. */
export function createFactMetrics({ registry }: Metrics, postgres: Postgres): FactMetrics {
  const registers = [registry];
  const lag = new Gauge({
    name: 'quantumroute_report_facts_lag_seconds',
    help: 'Age of the last moment up to which all events are facts',
    registers,
  });
  const dirtyDays = new Gauge({
    name: 'quantumroute_report_dirty_days',
    help: `Days that wait to be summed again, ${MOST_COUNTED} at most`,
    registers,
  });
  const collect = async () => {
    const state = await readState(postgres);
    lag.set(state?.lagSeconds ?? NaN);
    dirtyDays.set(state?.dirtyDays ?? NaN);
  };
  Object.assign(lag, { collect });
  return {
    projected: new Counter({
      name: 'quantumroute_report_events_projected_total',
      help: 'Events that became facts in this worker',
      registers,
    }),
    setAside: new Counter({
      name: 'quantumroute_report_events_set_aside_total',
      help: 'Events that broke and were set aside by this worker',
      registers,
    }),
  };
}

/** Counts one batch. */
export function countBatch(
  metrics: FactMetrics,
  { events, setAside }: { events: number; setAside: number },
): void {
  metrics.projected.inc(events - setAside);
  metrics.setAside.inc(setAside);
}

/** Null while the database is away: metrics of a service are told without it. */
async function readState(
  postgres: Postgres,
): Promise<{ lagSeconds: number; dirtyDays: number } | null> {
  try {
    const [row]: { lagSeconds: number; dirtyDays: number }[] = await postgres.fork().execute(
      `select extract(epoch from clock_timestamp() - consumed_until)::float8 as "lagSeconds",
         (select count(*)::int from (select from report.dirty_days limit ?) days) as "dirtyDays"
       from report.projection where consumer = 'facts'`,
      [MOST_COUNTED],
    );
    return row ?? null;
  } catch {
    return null;
  }
}
