import { createHash } from 'node:crypto';
import { HeaderMap } from '@apollo/server';
import type { ApolloServerPlugin, GraphQLRequestContext, GraphQLResponse } from '@apollo/server';
import type { Identity } from '@quantumroute/ops/identity';
import type { Metrics } from '@quantumroute/ops/metrics';
import type { GraphQLSchema } from 'graphql';
import type { GatewayContext } from '../context.ts';
import { FinishedText, stringifyResult } from '../execution/finished-text.ts';
import { fromSendable, sendable, toByteText } from '../byte-text.ts';
import type { Sendable } from '../byte-text.ts';
import { createIsTelemetry } from './telemetry.ts';
import type { IsTelemetry } from './telemetry.ts';
import type { AnswerStore } from './answer-store.ts';
import type { Generations } from './generations.ts';

/** What is remembered of answers, and for whom. */
export type AnswerCacheParts = {
  /** Null keeps no answers; generations are raised all the same. */
  store: AnswerStore | null;
  generations: Generations;
  supergraph: { schema: GraphQLSchema; hash: string };
  maxTtlSeconds: number;
  metrics: Metrics;
};

/** Answers that are kept, and the part of the pipeline that keeps them. */
export type AnswerCache = {
  plugin: ApolloServerPlugin<GatewayContext>;
  /** False where nothing is ever kept, so that no key is needed. */
  isKeeping: boolean;
  keyOf(subject: AnswerSubject): string;
  /** What this process has at hand. */
  near(key: string, generation: string): Sendable | undefined;
  /** Asks Redis too. */
  find(key: string, generation: string): Promise<Sendable | undefined>;
  /** For as long as its subgraphs allow, and the settings. */
  keep(key: string, generation: string, answer: { body: Sendable; maxAge: number }): void;
};

/**
 * Keeps whole answers for as long as the subgraphs allow. Every key holds the caller's organization,
 * partner, driver and scopes, the organization's generation and the supergraph: what one caller may
 * see is never shown to another. Mutations raise the generation before they are answered, unless they
 * are telemetry. An operation comes this far only once it was admitted for its caller.
 */
export function createAnswerCache({
  store,
  generations,
  supergraph,
  maxTtlSeconds,
  metrics,
}: AnswerCacheParts): AnswerCache {
  const hit = metrics.cacheRequests.labels({ cache: 'response', outcome: 'hit' });
  const miss = metrics.cacheRequests.labels({ cache: 'response', outcome: 'miss' });
  const cache: Omit<AnswerCache, 'plugin'> = {
    isKeeping: store !== null,
    keyOf: (subject) => answerKeyOf(subject, supergraph.hash),
    near(key, generation) {
      const found = store?.near(key, generation);
      if (found) hit.inc();
      return found;
    },
    async find(key, generation) {
      if (!store) return undefined;
      const found = await store.find(key, generation);
      if (found) hit.inc();
      else miss.inc();
      return found;
    },
    keep(key, generation, { body, maxAge }) {
      const ttlSeconds = Math.min(maxAge, maxTtlSeconds);
      if (ttlSeconds > 0) store?.keep(key, generation, { body, ttlSeconds });
    },
  };
  const isTelemetry = createIsTelemetry(supergraph.schema);
  return { ...cache, plugin: pluginOf(cache, { generations, isTelemetry }) };
}

function pluginOf(
  cache: Omit<AnswerCache, 'plugin'>,
  { generations, isTelemetry }: { generations: Generations; isTelemetry: IsTelemetry },
): ApolloServerPlugin<GatewayContext> {
  return {
    async requestDidStart() {
      let key: string | undefined;
      return {
        async responseForOperation(request) {
          const { contextValue, document, operation, queryHash, operationName } = request;
          if (operation.operation !== 'query' || queryHash === undefined) return null;
          const { identity } = contextValue.caller;
          const { variables = {} } = request.request;
          key = cache.keyOf({ identity, queryHash, operationName, variables });
          const { length: characters } = request.source ?? '';
          const query = {
            document,
            operation,
            operationName,
            queryHash,
            characters,
            contextValue,
          };
          contextValue.arrival?.admitted(query, key);
          contextValue.generation ??= await generations.current(organizationKey(identity));
          const { generation } = contextValue;
          // Without batching the point is to see what the work costs.
          if (generation === null || !contextValue.scope.batching) return null;
          const found = await cache.find(key, generation);
          if (!found) return null;
          key = undefined;
          return responseOf(found);
        },
        async willSendResponse(request) {
          const { contextValue, operation } = request;
          if (operation?.operation === 'mutation' && !isTelemetry(operation)) {
            // Also after a failure: a mutation whose answer was lost may have been done all the same.
            await generations.raise(organizationKey(contextValue.caller.identity));
          }
          const { generation = null } = contextValue;
          if (key === undefined || generation === null) return;
          const maxAge = maxAgeOf(request);
          const text = maxAge > 0 ? textOf(request.response) : undefined;
          if (text === undefined) return;
          cache.keep(key, generation, { body: sendable(toByteText(text)), maxAge });
        },
      };
    },
  };
}

/** Whose generation counts for a caller. */
export function organizationKey({ organizationId }: Identity): string {
  return organizationId ?? 'none';
}

/** What an answer may depend on, beside the time. */
export type AnswerSubject = {
  identity: Identity;
  queryHash: string;
  operationName: string | null;
  variables: Readonly<Record<string, unknown>>;
};

/** Hashes what an answer may depend on. As JSON, since `a:b` + `c` must not be `a` + `b:c`. */
function answerKeyOf(
  { identity, queryHash, operationName, variables }: AnswerSubject,
  supergraphHash: string,
): string {
  const { kind, organizationId, partnerId, driverId, scopes } = identity;
  const caller = [kind, organizationId, partnerId, driverId, [...new Set(scopes)].sort()];
  const parts = [supergraphHash, caller, queryHash, operationName, variables];
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}

const BEFORE_DATA = '{"data":';
const AFTER_DATA = '}\n';

function responseOf(body: Sendable): GraphQLResponse {
  // Nothing but data is kept, so that nothing needs to be parsed.
  const data = new FinishedText(fromSendable(body).slice(BEFORE_DATA.length, -AFTER_DATA.length));
  const singleResult = { data: data as unknown as Record<string, unknown> };
  return {
    http: { status: undefined, headers: new HeaderMap() },
    body: { kind: 'single', singleResult },
  };
}

/** Zero when the answer may not be kept. */
function maxAgeOf({
  overallCachePolicy,
  response,
  errors,
}: GraphQLRequestContext<GatewayContext>): number {
  const isClean = !errors?.length && (response.http.status ?? 200) === 200;
  return (isClean && overallCachePolicy.policyIfCacheable()?.maxAge) || 0;
}

/** As Apollo Server writes it. Undefined for an answer that holds more than data. */
function textOf({ body }: GraphQLResponse): string | undefined {
  if (body.kind !== 'single') return undefined;
  const { data, ...rest } = body.singleResult;
  const isPlain = data !== undefined && Object.values(rest).every((part) => part === undefined);
  return isPlain ? stringifyResult({ data }) : undefined;
}
