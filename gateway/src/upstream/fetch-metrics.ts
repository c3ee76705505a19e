import { Counter, Gauge, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';
import type { UpstreamFault } from './upstream-error.ts';

/** How a fetch ended. */
export type FetchOutcome = UpstreamFault | 'answered';

/** What one subgraph's client counts. */
export type FetchMetrics = {
  sent(requestBytes: number): void;
  ended(outcome: FetchOutcome, spent: { milliseconds: number; answerBytes: number }): void;
  /** A second try, or one that the budget has no room for. */
  retried(isWithinBudget: boolean): void;
  /** A caller who got the answer to another one's equal fetch. */
  shared(): void;
  breaker(state: 'closed' | 'open' | 'trying'): void;
};

/** The metrics of fetches in `registry`, by subgraph. */
export function createFetchMetrics(registry: Registry): (subgraph: string) => FetchMetrics {
  const all = instrumentsIn(registry);
  return (subgraph) => {
    const seconds = new Map<FetchOutcome, { observe(value: number): void }>();
    const secondsOf = (outcome: FetchOutcome) => {
      const known = seconds.get(outcome) ?? all.seconds.labels({ subgraph, outcome });
      seconds.set(outcome, known);
      return known;
    };
    const requestBytes = all.requestBytes.labels({ subgraph });
    const answerBytes = all.answerBytes.labels({ subgraph });
    const breaker = all.breaker.labels({ subgraph });
    breaker.set(BREAKER_VALUES.closed);
    return {
      sent: (bytes) => requestBytes.observe(bytes),
      ended(outcome, spent) {
        secondsOf(outcome).observe(spent.milliseconds / 1000);
        if (outcome === 'answered') answerBytes.observe(spent.answerBytes);
      },
      retried: (isWithinBudget) =>
        all.retries.inc({ subgraph, outcome: isWithinBudget ? 'sent' : 'over budget' }),
      shared: () => all.shared.inc({ subgraph }),
      breaker: (state) => breaker.set(BREAKER_VALUES[state]),
    };
  };
}

const BREAKER_VALUES = { closed: 0, trying: 1, open: 2 } as const;

function instrumentsIn(registry: Registry) {
  const registers = [registry];
  const labelNames = ['subgraph'];
  return {
    seconds: new Histogram({
      name: 'quantumroute_subgraph_fetch_seconds',
      help: 'Time of fetches from subgraphs by how they ended',
      labelNames: [...labelNames, 'outcome'],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
      registers,
    }),
    requestBytes: new Histogram({
      name: 'quantumroute_subgraph_request_bytes',
      help: 'Characters of the bodies that are sent to subgraphs',
      labelNames,
      buckets: SIZES,
      registers,
    }),
    answerBytes: new Histogram({
      name: 'quantumroute_subgraph_answer_bytes',
      help: 'Characters of the answers of subgraphs',
      labelNames,
      buckets: SIZES,
      registers,
    }),
    retries: new Counter({
      name: 'quantumroute_subgraph_retries_total',
      help: 'Fetches that were sent again, or were not for want of budget',
      labelNames: [...labelNames, 'outcome'],
      registers,
    }),
    shared: new Counter({
      name: 'quantumroute_subgraph_shared_fetches_total',
      help: 'Fetches that were answered by an equal one in flight',
      labelNames,
      registers,
    }),
    breaker: new Gauge({
      name: 'quantumroute_subgraph_breaker_state',
      help: '0 closed, 1 one request tries, 2 open: the subgraph is left alone',
      labelNames,
      registers,
    }),
  };
}

const SIZES = [200, 1_000, 5_000, 25_000, 100_000, 500_000, 2_500_000, 10_000_000];
