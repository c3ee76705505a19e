import type { Logger } from '@quantumroute/ops/log';
import type { AskMounted } from '@quantumroute/ops/mounted-subgraph';
import type { Registry } from 'prom-client';
import type { ServingConfig } from '../config.ts';
import type { SubgraphLocation, Supergraph } from '../supergraph/supergraph.ts';
import { createFetchMetrics } from './fetch-metrics.ts';
import { createSharedByKey } from './shared-by-key.ts';
import type { Held } from './shared-by-key.ts';
import { createSubgraphClient } from './subgraph-client.ts';
import type { SubgraphClient } from './subgraph-client.ts';

/** The connections to the subgraphs of one supergraph. */
export type ConnectedSubgraphs = {
  /** Throws for a name that the supergraph lacks. */
  clientOf(name: string): SubgraphClient;
  urlOf(name: string): string;
  /** Lets them go: those that no other supergraph has are closed. */
  close(): Promise<void>;
};

/** The connections to the subgraphs of the supergraph in use, and of others around a change. */
export type Subgraphs = {
  /** Of the supergraph in use: ask again each time, since that may change. */
  clientOf: ConnectedSubgraphs['clientOf'];
  urlOf: ConnectedSubgraphs['urlOf'];
  /**
   * The subgraphs of a supergraph, a bounded client for each; none connects before it is used. Those
   * with the name and URL of one that is connected share its connections, breaker and all.
   */
  connect(supergraph: Supergraph): ConnectedSubgraphs;
  /** From now on these are the ones in use. */
  use(connected: ConnectedSubgraphs): void;
  close(): Promise<void>;
};

/** No subgraph is connected yet. */
export function createSubgraphs({
  config,
  registry,
  log,
  mounted = new Map(),
}: {
  config: ServingConfig;
  registry: Registry;
  log: Logger;
  /** Subgraphs in this process, which are asked without HTTP. */
  mounted?: ReadonlyMap<string, AskMounted>;
}): Subgraphs {
  const limits = {
    connections: config.GATEWAY_SUBGRAPH_CONNECTIONS,
    queue: config.GATEWAY_SUBGRAPH_QUEUE,
    answerBytes: config.GATEWAY_SUBGRAPH_ANSWER_BYTES,
    failures: config.GATEWAY_SUBGRAPH_FAILURES,
    restMs: config.GATEWAY_SUBGRAPH_REST_MS,
    retryPercent: config.GATEWAY_SUBGRAPH_RETRY_PERCENT,
  };
  const metricsOf = createFetchMetrics(registry);
  const clients = createSharedByKey<SubgraphClient>();
  const hold = ({ name, url }: SubgraphLocation): Held<SubgraphClient> =>
    clients.hold(`${name} ${url}`, () =>
      createSubgraphClient(
        { name, url, ask: mounted.get(name) },
        { limits, metrics: metricsOf(name), log },
      ),
    );
  let inUse = connectAll([], hold);
  return {
    clientOf: (name) => inUse.clientOf(name),
    urlOf: (name) => inUse.urlOf(name),
    connect: ({ subgraphs }) => connectAll(subgraphs, hold),
    use(connected) {
      inUse = connected;
    },
    close: () => clients.close(),
  };
}

function connectAll(
  subgraphs: Supergraph['subgraphs'],
  hold: (location: SubgraphLocation) => Held<SubgraphClient>,
): ConnectedSubgraphs {
  const connected = new Map<string, { url: string; held: Held<SubgraphClient> }>();
  const find = (name: string) => {
    const subgraph = connected.get(name);
    if (!subgraph) throw new Error(`The supergraph has no subgraph "${name}"`);
    return subgraph;
  };
  const close = async (): Promise<void> => {
    await Promise.all([...connected.values()].map(({ held }) => held.release()));
  };
  try {
    for (const location of subgraphs) {
      connected.set(location.name, { url: location.url, held: hold(location) });
    }
  } catch (error) {
    void close();
    throw error;
  }
  return { clientOf: (name) => find(name).held.value, urlOf: (name) => find(name).url, close };
}
