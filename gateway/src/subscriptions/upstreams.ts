import type { Logger } from '@quantumroute/ops/log';
import type { ServingConfig } from '../config.ts';
import { createSharedByKey } from '../upstream/shared-by-key.ts';
import type { Held, SharedByKey } from '../upstream/shared-by-key.ts';
import type { ConnectedSubgraphs } from '../upstream/subgraphs.ts';
import type { Sign } from './upstream-connection.ts';
import { createUpstream } from './upstream.ts';
import type { Upstream } from './upstream.ts';

/** The connections over which events come to one supergraph, one for each of its subgraphs. */
export type Upstreams = {
  /** Equal for two supergraphs if the subgraph has the same name and URL in both. */
  upstreamOf(subgraph: string): Upstream;
  /** Lets them go: those that no other supergraph has are closed. */
  close(): Promise<void>;
};

/** Makes them for one supergraph after the other; each is opened when a subscription needs it. */
export function createUpstreamsFor({
  sign,
  config,
  log,
}: {
  sign: Sign;
  config: ServingConfig;
  log: Logger;
}): (subgraphs: ConnectedSubgraphs) => Upstreams {
  const limits = {
    reconnectMs: config.GATEWAY_SUBGRAPH_RECONNECT_MS,
    bufferedEvents: config.GATEWAY_MAX_BUFFERED_EVENTS,
    frameBytes: config.GATEWAY_SUBGRAPH_ANSWER_BYTES,
  };
  const shared: SharedByKey<Upstream> = createSharedByKey();
  return (subgraphs) => {
    const held = new Map<string, Held<Upstream>>();
    const hold = (subgraph: string): Held<Upstream> => {
      const url = subgraphs.urlOf(subgraph);
      const open = () => createUpstream({ subgraph, url, sign, limits, log });
      return shared.hold(`${subgraph} ${url}`, open);
    };
    return {
      upstreamOf(subgraph) {
        const upstream = held.get(subgraph) ?? hold(subgraph);
        held.set(subgraph, upstream);
        return upstream.value;
      },
      async close() {
        await Promise.all([...held.values()].map((upstream) => upstream.release()));
      },
    };
  };
}
