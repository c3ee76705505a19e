import type { Logger } from '@quantumroute/ops/log';
import type { Registry } from 'prom-client';
import type { ServingConfig } from '../config.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
import { createFetchMetrics } from './fetch-metrics.ts';
import { createSubgraphClient } from './subgraph-client.ts';
import type { SubgraphClient } from './subgraph-client.ts';

/** The connections to all subgraphs. */
export type Subgraphs = {
  /** Throws for a name that the supergraph lacks. */
  clientOf(name: string): SubgraphClient;
  urlOf(name: string): string;
  close(): Promise<void>;
};

/** One bounded client for each subgraph; none of them connects before it is used. */
export function createSubgraphs(
  supergraph: Supergraph,
  { config, registry, log }: { config: ServingConfig; registry: Registry; log: Logger },
): Subgraphs {
  const limits = {
    connections: config.GATEWAY_SUBGRAPH_CONNECTIONS,
    queue: config.GATEWAY_SUBGRAPH_QUEUE,
    answerBytes: config.GATEWAY_SUBGRAPH_ANSWER_BYTES,
    failures: config.GATEWAY_SUBGRAPH_FAILURES,
    restMs: config.GATEWAY_SUBGRAPH_REST_MS,
    retryPercent: config.GATEWAY_SUBGRAPH_RETRY_PERCENT,
  };
  const metricsOf = createFetchMetrics(registry);
  const subgraphs = new Map(
    supergraph.subgraphs.map(({ name, url }) => [
      name,
      {
        url,
        client: createSubgraphClient({ name, url }, { limits, metrics: metricsOf(name), log }),
      },
    ]),
  );
  const find = (name: string) => {
    const subgraph = subgraphs.get(name);
    if (!subgraph) throw new Error(`The supergraph has no subgraph "${name}"`);
    return subgraph;
  };
  return {
    clientOf: (name) => find(name).client,
    urlOf: (name) => find(name).url,
    async close() {
      await Promise.all([...subgraphs.values()].map(({ client }) => client.close()));
    },
  };
}
