import { IDENTITY_HEADER } from '@quantumroute/ops/identity';
import type { Identity } from '@quantumroute/ops/identity';
import type { Logger } from '@quantumroute/ops/log';
import type { GatewayContext } from '../context.ts';
import type { AskSubgraph, SubgraphAnswer, SubgraphRequest } from '../execution/run.ts';
import { cachePolicyOf } from './cache-policy.ts';
import type { CachePolicy } from './cache-policy.ts';
import type { SubgraphClient } from './subgraph-client.ts';
import type { UpstreamAnswer } from './subgraph-connections.ts';
import { addAnswer } from './timings.ts';
import { UpstreamError } from './upstream-error.ts';

/** What the fetches of one operation have in common. */
export type FetchContext = {
  context: GatewayContext;
  /** Lowers how long the whole answer may be kept. */
  restrict: (policy: CachePolicy) => void;
};

/** What a fetch needs beside the operation that it is part of. */
export type AskParts = {
  clientOf: (subgraph: string) => SubgraphClient;
  /** Signs the caller for the subgraph; null leaves the header out. */
  sign: ((identity: Identity) => Promise<string>) | null;
  /** The longest that a query may take here. A mutation has the request's whole time. */
  timeoutMs: number;
  log: Logger;
};

/** Sends an operation's fetches to the subgraphs, in the name of its caller and within its time. */
export function createAskSubgraph(parts: AskParts): AskSubgraph<FetchContext> {
  return async (request, { context, restrict }) => {
    const fetch = { request, context, parts };
    try {
      const answer = await fetchAnswer(fetch);
      restrict(cachePolicyOf(headerOf(answer, 'cache-control')));
      addAnswer(context.timings, headerOf(answer, 'server-timing'));
      return answerOf(answer, fetch);
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error;
      context.timings.fetches += 1;
      return faultOf(error, fetch);
    }
  };
}

type Fetch = { request: SubgraphRequest; context: GatewayContext; parts: AskParts };

async function fetchAnswer(fetch: Fetch): Promise<UpstreamAnswer> {
  const { request, context, parts } = fetch;
  const isMutation = request.kind === 'mutation';
  const remainingMs = Math.floor(context.scope.deadlineAt - Date.now());
  const timeoutMs = isMutation ? remainingMs : Math.min(parts.timeoutMs, remainingMs);
  if (timeoutMs <= 0) throw new UpstreamError('timeout', { message: 'No time was left' });
  const client = parts.clientOf(request.subgraph);
  return client.post({
    body: request.body,
    headers: await headersFor(fetch),
    timeoutMs,
    signal: context.scope.signal,
    ...(isMutation ? {} : { query: { generation: context.generation ?? null } }),
  });
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

function answerOf({ status, text }: UpstreamAnswer, fetch: Fetch): SubgraphAnswer {
  if (status !== 401 && status !== 403) return { kind: 'text', text };
  // The subgraph refused the gateway itself: a mistake between us, nothing that the client did.
  const message = `The gateway was refused with ${status}`;
  return faultOf(new UpstreamError('not an answer', { message }), fetch);
}

function faultOf(error: UpstreamError, { request, context, parts }: Fetch): SubgraphAnswer {
  const { subgraph } = request;
  // The timer may be early by a moment.
  const isOver = context.scope.deadlineAt <= Date.now() + TIMER_MS;
  const isLate = error.fault === 'canceled' && isOver;
  const fault = isLate ? 'timeout' : error.fault;
  // A subgraph that is left alone was told of when that began.
  if (fault !== 'canceled' && fault !== 'resting') {
    parts.log.warn({ subgraph, fault, err: error }, 'subgraph fetch failed');
  }
  return { kind: 'fault', fault };
}

const TIMER_MS = 5;

function headerOf({ headers }: UpstreamAnswer, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(',') : value;
}
