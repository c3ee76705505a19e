import { createHash } from 'node:crypto';
import type { ApolloServerPlugin, GraphQLRequestContext } from '@apollo/server';
import responseCachePlugin from '@apollo/server-plugin-response-cache';
import type { Identity } from '@quantumroute/ops/identity';
import type { Metrics } from '@quantumroute/ops/metrics';
import type { GatewayContext } from '../context.ts';
import type { BoundedStore } from './bounded-store.ts';
import type { Generations } from './generations.ts';

/**
 * Keeps whole answers for as long as the subgraphs allow. Every key holds the caller's organization,
 * partner, driver and scopes, the organization's generation and the supergraph: what one caller may
 * see is never shown to another. Mutations raise the generation before they are answered.
 */
export function createResponseCache({
  store,
  generations,
  supergraphHash,
  maxTtlSeconds,
  metrics,
}: {
  store: BoundedStore;
  generations: Generations;
  supergraphHash: string;
  maxTtlSeconds: number;
  metrics: Metrics;
}): ApolloServerPlugin<GatewayContext>[] {
  const answers = responseCachePlugin<GatewayContext>({
    cache: {
      get: (key) => store.get(key),
      set: (key, value, options) =>
        store.set(key, value, { ttlSeconds: Math.min(options?.ttl ?? 0, maxTtlSeconds) }),
      delete: (key) => store.delete(key),
    },
    sessionId: async ({ contextValue }) => callerKey(contextValue.caller.identity),
    async extraCacheKeyData({ contextValue }) {
      const { identity } = contextValue.caller;
      const generation = await generations.current(organizationKey(identity));
      contextValue.generation = generation;
      return [supergraphHash, callerKey(identity), generation];
    },
    // Without batching the point is to see what the work costs.
    shouldReadFromCache: async ({ contextValue }) =>
      contextValue.scope.batching && isKnown(contextValue.generation),
    shouldWriteToCache: async ({ contextValue }) => isKnown(contextValue.generation),
  });
  return [answers, countOutcomes(metrics), raiseAfterMutations(generations)];
}

/** Hashes what an answer may depend on. As JSON, since `a:b` + `c` must not be `a` + `b:c`. */
export function callerKey(identity: Identity): string {
  const { kind, organizationId, partnerId, driverId, scopes } = identity;
  const parts = [kind, organizationId, partnerId, driverId, [...new Set(scopes)].sort()];
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}

/** Whose generation a caller's answers are of. */
export function organizationKey({ organizationId }: Identity): string {
  return organizationId ?? 'none';
}

function isKnown(generation: string | null | undefined): boolean {
  return typeof generation === 'string';
}

function countOutcomes(metrics: Metrics): ApolloServerPlugin<GatewayContext> {
  return {
    requestDidStart: async () => ({
      async willSendResponse({ metrics: { responseCacheHit }, operation }) {
        if (operation?.operation !== 'query' || responseCacheHit === undefined) return;
        metrics.cacheRequests.inc({
          cache: 'response',
          outcome: responseCacheHit ? 'hit' : 'miss',
        });
      },
    }),
  };
}

function raiseAfterMutations(generations: Generations): ApolloServerPlugin<GatewayContext> {
  const raise = async ({ contextValue }: GraphQLRequestContext<GatewayContext>): Promise<void> =>
    generations.raise(organizationKey(contextValue.caller.identity));
  return {
    requestDidStart: async () => ({
      async willSendResponse(request) {
        // Also after a failure: a mutation whose answer was lost may have been done all the same.
        if (request.operation?.operation === 'mutation') await raise(request);
      },
    }),
  };
}
