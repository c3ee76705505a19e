import { createHash } from 'node:crypto';
import { HeaderMap } from '@apollo/server';
import type { ApolloServerPlugin, GraphQLRequestContext, GraphQLResponse } from '@apollo/server';
import type { Identity } from '@quantumroute/ops/identity';
import type { Metrics } from '@quantumroute/ops/metrics';
import type { GatewayContext } from '../context.ts';
import { FinishedText, stringifyResult } from '../execution/finished-text.ts';
import type { AnswerStore, KeptAnswer } from './answer-store.ts';
import type { Generations } from './generations.ts';

/** What is remembered of answers, and for whom. */
export type AnswerCacheParts = {
  /** Null keeps no answers; generations are raised all the same. */
  store: AnswerStore | null;
  generations: Generations;
  supergraphHash: string;
  maxTtlSeconds: number;
  metrics: Metrics;
};

/**
 * Keeps whole answers for as long as the subgraphs allow. Every key holds the caller's organization,
 * partner, driver and scopes, the organization's generation and the supergraph: what one caller may
 * see is never shown to another. Mutations raise the generation before they are answered. An
 * operation comes this far only once it was admitted for its caller.
 */
export function createAnswerCache(parts: AnswerCacheParts): ApolloServerPlugin<GatewayContext> {
  const { store, generations, metrics } = parts;
  return {
    async requestDidStart() {
      let key: string | undefined;
      return {
        async responseForOperation(request) {
          const { contextValue, operation } = request;
          if (operation.operation !== 'query') return null;
          key = answerKeyOf(request, parts);
          contextValue.arrival?.admitted(key);
          contextValue.generation ??= await generations.current(
            organizationKey(contextValue.caller.identity),
          );
          const { generation } = contextValue;
          // Without batching the point is to see what the work costs.
          if (!store || generation === null || !contextValue.scope.batching) return null;
          const found = await store.find(key, generation);
          metrics.cacheRequests.inc({ cache: 'response', outcome: found ? 'hit' : 'miss' });
          if (!found) return null;
          key = undefined;
          return responseOf(found);
        },
        async willSendResponse(request) {
          const { contextValue, operation } = request;
          if (operation?.operation === 'mutation') {
            // Also after a failure: a mutation whose answer was lost may have been done all the same.
            await generations.raise(organizationKey(contextValue.caller.identity));
          }
          const { generation = null } = contextValue;
          if (!store || key === undefined || generation === null) return;
          const ttlSeconds = ttlOf(request, parts);
          if (ttlSeconds === 0) return;
          const text = textOf(request.response);
          if (text !== undefined) store.keep(key, generation, { text, ttlSeconds });
        },
      };
    },
  };
}

/** Whose generation counts for a caller. */
export function organizationKey({ organizationId }: Identity): string {
  return organizationId ?? 'none';
}

/** Hashes what an answer may depend on. As JSON, since `a:b` + `c` must not be `a` + `b:c`. */
export function answerKeyOf(
  {
    contextValue,
    source,
    request,
  }: Pick<GraphQLRequestContext<GatewayContext>, 'contextValue' | 'source' | 'request'>,
  { supergraphHash }: Pick<AnswerCacheParts, 'supergraphHash'>,
): string {
  const { kind, organizationId, partnerId, driverId, scopes } = contextValue.caller.identity;
  const caller = [kind, organizationId, partnerId, driverId, [...new Set(scopes)].sort()];
  const { operationName = null, variables = {} } = request;
  const parts = [supergraphHash, caller, source, operationName, variables];
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}

function responseOf({ text }: KeptAnswer): GraphQLResponse {
  // Nothing but data is kept, so that nothing needs to be parsed.
  const data = new FinishedText(text.slice(BEFORE_DATA.length, -AFTER_DATA.length));
  const singleResult = { data: data as unknown as Record<string, unknown> };
  return {
    http: { status: undefined, headers: new HeaderMap() },
    body: { kind: 'single', singleResult },
  };
}

/** Zero when the answer may not be kept. */
function ttlOf(
  { overallCachePolicy, response, errors }: GraphQLRequestContext<GatewayContext>,
  { maxTtlSeconds }: AnswerCacheParts,
): number {
  const isClean = !errors?.length && (response.http.status ?? 200) === 200;
  const policy = isClean ? overallCachePolicy.policyIfCacheable() : null;
  return Math.min(policy?.maxAge ?? 0, maxTtlSeconds);
}

const BEFORE_DATA = '{"data":';
const AFTER_DATA = '}\n';

/** As Apollo Server writes it. Undefined for an answer that holds more than data. */
function textOf({ body }: GraphQLResponse): string | undefined {
  if (body.kind !== 'single') return undefined;
  const { data, ...rest } = body.singleResult;
  const isPlain = data !== undefined && Object.values(rest).every((part) => part === undefined);
  return isPlain ? stringifyResult({ data }) : undefined;
}
