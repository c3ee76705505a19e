import type { ApolloServerOptions, BaseContext } from '@apollo/server';
import type { Metrics } from '@quantumroute/ops/metrics';
import type { BoundedStore } from './bounded-store.ts';

/** Where Apollo Server keeps documents by their hash. */
export type PersistedQueryCache = Exclude<
  ApolloServerOptions<BaseContext>['cache'],
  string | undefined
>;

/**
 * Automatic persisted queries. Apollo Server writes to it only after an operation was admitted, so
 * that nothing refused is ever in it.
 */
export function createPersistedQueryCache({
  store,
  ttlSeconds,
  metrics,
}: {
  store: BoundedStore;
  ttlSeconds: number;
  metrics: Metrics;
}): PersistedQueryCache {
  return {
    async get(hash) {
      const document = await store.get(hash);
      metrics.cacheRequests.inc({
        cache: 'persisted_query',
        outcome: document === undefined ? 'miss' : 'hit',
      });
      return document;
    },
    set: (hash, document) => store.set(hash, document, { ttlSeconds }),
    delete: (hash) => store.delete(hash),
  };
}
