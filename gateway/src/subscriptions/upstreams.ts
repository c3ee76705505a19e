import type { GatewayParts } from '../server.ts';
import { createUpstream } from './upstream.ts';
import type { Upstream } from './upstream.ts';

/** The connections over which events come, one for each subgraph that has subscriptions. */
export type Upstreams = {
  upstreamOf(subgraph: string): Upstream;
  close(): Promise<void>;
};

/** Upstreams that are made when the first subscription needs them. */
export function createUpstreams({
  subgraphs,
  policies,
  config,
  log,
}: Pick<GatewayParts, 'subgraphs' | 'policies' | 'config' | 'log'>): Upstreams {
  const upstreams = new Map<string, Upstream>();
  const create = (subgraph: string): Upstream =>
    createUpstream({
      subgraph,
      url: subgraphs.urlOf(subgraph),
      sign: policies.sign,
      limits: {
        reconnectMs: config.GATEWAY_SUBGRAPH_RECONNECT_MS,
        bufferedEvents: config.GATEWAY_MAX_BUFFERED_EVENTS,
        frameBytes: config.GATEWAY_SUBGRAPH_ANSWER_BYTES,
      },
      log,
    });
  return {
    upstreamOf(subgraph) {
      const upstream = upstreams.get(subgraph) ?? create(subgraph);
      upstreams.set(subgraph, upstream);
      return upstream;
    },
    async close() {
      await Promise.all([...upstreams.values()].map((upstream) => upstream.close()));
    },
  };
}
