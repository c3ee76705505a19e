import type { ServingConfig } from '../config.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
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
export function createSubgraphs(supergraph: Supergraph, config: ServingConfig): Subgraphs {
  const limits = {
    connections: config.GATEWAY_SUBGRAPH_CONNECTIONS,
    queue: config.GATEWAY_SUBGRAPH_QUEUE,
    answerBytes: config.GATEWAY_SUBGRAPH_ANSWER_BYTES,
  };
  const subgraphs = new Map(
    supergraph.subgraphs.map(({ name, url }) => [
      name,
      { url, client: createSubgraphClient(url, limits) },
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
