import type { GraphQLDataSource } from '@apollo/gateway';
import { IDENTITY_HEADER } from '@quantumroute/ops/identity';
import type { Identity } from '@quantumroute/ops/identity';
import type { Logger } from '@quantumroute/ops/log';
import type { FormattedExecutionResult, GraphQLFormattedError } from 'graphql';
import type { GatewayContext } from '../context.ts';
import { cachePolicyOf } from './cache-policy.ts';
import type { CachePolicy } from './cache-policy.ts';
import { inPortions } from './entity-portions.ts';
import { faultErrors } from './faults.ts';
import { UpstreamError } from './subgraph-client.ts';
import type { SubgraphClient, UpstreamAnswer } from './subgraph-client.ts';
import { addAnswer } from './timings.ts';

/** What a fetch needs beside the request that it is part of. */
export type DataSourceParts = {
  subgraph: string;
  client: SubgraphClient;
  /** Signs the caller for the subgraph; null leaves the header out. */
  sign: ((identity: Identity) => Promise<string>) | null;
  /** The longest that a query may take here. A mutation has the request's whole time. */
  timeoutMs: number;
  log: Logger;
};

/**
 * Answers the gateway's fetches from one subgraph. A fetch that fails costs its own fields: it gives
 * errors with a path, never a rejection.
 */
export function createDataSource(parts: DataSourceParts): GraphQLDataSource {
  return {
    async process(options) {
      const { request } = options;
      const query = request.query ?? '';
      const variables = request.variables ?? {};
      const context = options.context as GatewayContext;
      if (isSubscription(query)) return context.event ?? { data: null };
      const restrict = (policy: CachePolicy): void => {
        if (!('incomingRequestContext' in options)) return;
        (options.incomingRequestContext.overallCachePolicy as CachePolicySink)?.restrict(policy);
      };
      return inPortions(variables, (portion) =>
        fetchResult({ query, variables: portion, context, parts, restrict }),
      );
    },
  };
}

async function fetchResult(fetch: Fetch): Promise<FormattedExecutionResult> {
  try {
    const answer = await fetchAnswer(fetch);
    fetch.restrict(cachePolicyOf(headerOf(answer, 'cache-control')));
    addAnswer(fetch.context.timings, headerOf(answer, 'server-timing'));
    return resultOf(answer);
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    return faultResult(error, fetch);
  }
}

type Fetch = {
  query: string;
  variables: Record<string, unknown>;
  context: GatewayContext;
  parts: DataSourceParts;
  /** Lowers how long the whole answer may be kept. */
  restrict: (policy: CachePolicy) => void;
};

type CachePolicySink = { restrict(hint: object): void } | undefined;

function isSubscription(query: string): boolean {
  return query.startsWith('subscription');
}

async function fetchAnswer(fetch: Fetch): Promise<UpstreamAnswer> {
  const { query, variables, context, parts } = fetch;
  const isMutation = query.startsWith('mutation');
  const remainingMs = Math.floor(context.scope.deadlineAt - Date.now());
  const timeoutMs = isMutation ? remainingMs : Math.min(parts.timeoutMs, remainingMs);
  if (timeoutMs <= 0) throw new UpstreamError('timeout', { message: 'No time was left' });
  const request = {
    body: JSON.stringify({ query, variables }),
    headers: await headersFor(fetch),
    timeoutMs,
    signal: context.scope.signal,
    ...(isMutation ? {} : { query: { generation: context.generation ?? null } }),
  };
  return parts.client.post(request);
}

async function headersFor({ context, parts }: Fetch): Promise<Record<string, string>> {
  const { scope, caller } = context;
  return {
    'content-type': 'application/json',
    accept: 'application/json',
    'x-request-id': scope.requestId,
    ...(scope.batching ? {} : { 'x-quantumroute-batching': 'off' }),
    ...(parts.sign ? { [IDENTITY_HEADER]: await parts.sign(caller.identity) } : {}),
  };
}

function resultOf({ status, text }: UpstreamAnswer): FormattedExecutionResult {
  // The subgraph refused the gateway itself: a mistake between us, nothing that the client did.
  if (status === 401 || status === 403) {
    throw new UpstreamError('not an answer', { message: `The gateway was refused with ${status}` });
  }
  const result = parseResult(text);
  if (result) return result;
  throw new UpstreamError('not an answer', {
    message: `Status ${status} without a GraphQL result`,
  });
}

function parseResult(text: string): FormattedExecutionResult | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(value)) return undefined;
  const { data = null, errors = null } = value;
  if (data !== null && !isObject(data)) return undefined;
  if (errors === null) return 'data' in value ? { ...value, data } : undefined;
  // The executor trips over errors of another shape, and takes the whole operation with it.
  if (!Array.isArray(errors) || !errors.every(isFormattedError)) return undefined;
  return { ...value, data, errors: errors.slice(0, MOST_ERRORS_OF_A_FETCH) };
}

// More than an answer shows; making tens of thousands takes seconds.
const MOST_ERRORS_OF_A_FETCH = 1_000;

function isFormattedError(error: unknown): error is GraphQLFormattedError {
  return (
    isObject(error) &&
    typeof error['message'] === 'string' &&
    Array.isArray(error['path'] ?? []) &&
    isObject(error['extensions'] ?? {})
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function faultResult(error: UpstreamError, fetch: Fetch): FormattedExecutionResult {
  const { query, variables, context, parts } = fetch;
  const { subgraph, log } = parts;
  const isLate = error.fault === 'canceled' && context.scope.deadlineAt <= Date.now();
  const fault = isLate ? 'timeout' : error.fault;
  context.timings.fetches += 1;
  if (fault !== 'canceled' && fault !== 'resting')
    log.warn({ subgraph, fault, err: error }, 'subgraph fetch failed');
  const isEntityFetch = 'representations' in variables;
  return { data: null, errors: faultErrors(fault, { subgraph, query, isEntityFetch }) };
}

function headerOf({ headers }: UpstreamAnswer, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(',') : value;
}
