import { IDENTITY_HEADER } from '@quantumroute/ops/identity';
import type { Logger } from '@quantumroute/ops/log';
import type { AskMounted } from '@quantumroute/ops/mounted-subgraph';
import type { ByteText } from '../byte-text.ts';
import { createCircuitBreaker } from './circuit-breaker.ts';
import type { CircuitState } from './circuit-breaker.ts';
import type { FetchMetrics } from './fetch-metrics.ts';
import { startFlight } from './fetch-flight.ts';
import type { Flight } from './fetch-flight.ts';
import { mountedConnections } from './mounted-connections.ts';
import { createRetryBudget } from './retry-budget.ts';
import { openConnections } from './subgraph-connections.ts';
import type { ConnectionLimits, UpstreamAnswer } from './subgraph-connections.ts';

/** How one subgraph is kept from harming the gateway, and the other way round. */
export type SubgraphLimits = ConnectionLimits & {
  /** Failures among the last 20 fetches after which it is left alone. */
  failures: number;
  /** How long it is left alone before one request tries. */
  restMs: number;
  /** Retries of queries, as a share of all queries. */
  retryPercent: number;
};

/** What is sent to a subgraph. */
export type SubgraphRequest = {
  body: ByteText;
  headers: Record<string, string>;
  timeoutMs: number;
  signal: AbortSignal;
  /**
   * Set for queries, which do no harm when they are sent again. Equal ones in flight share one
   * answer while they have the same `generation` (see `caching/generations.ts`); null shares nothing.
   */
  query?: { generation: string | null };
};

/** Sends bodies to one subgraph, so many at a time. */
export type SubgraphClient = {
  post(request: SubgraphRequest): Promise<UpstreamAnswer>;
  close(): Promise<void>;
};

/** Which subgraph; with `ask` it is in this process. */
export type SubgraphAddress = { name: string; url: string; ask?: AskMounted | undefined };

/** A client for one subgraph. `post` rejects with an `UpstreamError` and nothing else. */
export function createSubgraphClient(
  { name, url, ask }: SubgraphAddress,
  { limits, metrics, log }: { limits: SubgraphLimits; metrics: FetchMetrics; log: Logger },
): SubgraphClient {
  const { failures, restMs, retryPercent } = limits;
  const onChange = (state: CircuitState['kind']): void => {
    metrics.breaker(state);
    if (state !== 'trying') log.warn({ subgraph: name, breaker: state }, `the circuit is ${state}`);
  };
  const connections = ask ? mountedConnections(ask, limits) : openConnections(url, limits);
  const parts = {
    subgraph: name,
    connections,
    breaker: createCircuitBreaker({ window: 20, failures, restMs, onChange }),
    retries: createRetryBudget({ percent: retryPercent, reserve: 10 }),
    metrics,
  };
  const flights = new Map<string, Flight>();
  return {
    async post({ signal, query, ...fetch }) {
      const { timeoutMs } = fetch;
      const request = { ...fetch, isRepeatable: query !== undefined };
      const key = query && sharingKey(query, fetch);
      if (key === undefined) {
        return startFlight(parts, { request, onEnd: () => undefined }).wait({ timeoutMs, signal });
      }
      const known = flights.get(key);
      if (known && isInTime(known, timeoutMs)) {
        metrics.shared();
        return known.wait({ timeoutMs, signal });
      }
      const onEnd = (): void => {
        if (flights.get(key) === flight) flights.delete(key);
      };
      const flight = startFlight(parts, { request, onEnd });
      flights.set(key, flight);
      return flight.wait({ timeoutMs, signal });
    },
    close: () => connections.close(),
  };
}

/** Everything that an answer depends on; undefined when it is not to be shared. */
function sharingKey(
  { generation }: NonNullable<SubgraphRequest['query']>,
  { body, headers }: Pick<SubgraphRequest, 'body' | 'headers'>,
): string | undefined {
  if (generation === null) return undefined;
  const { [IDENTITY_HEADER]: identity = '', 'x-quantumroute-batching': batching = '' } = headers;
  // None of the first three can hold a line break.
  return `${generation}\n${identity}\n${batching}\n${body}`;
}

/** A subgraph gives up at the deadline of the first; who has much more time asks for himself. */
function isInTime({ deadlineAt }: Flight, timeoutMs: number): boolean {
  return deadlineAt - Date.now() >= timeoutMs / 2;
}
