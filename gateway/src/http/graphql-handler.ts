import type { ServerResponse } from 'node:http';
import type { ApolloServer } from '@apollo/server';
import { failure } from '@quantumroute/ops/failures';
import { graphqlRoute } from '@quantumroute/ops/graphql-http';
import type { Handler } from '@quantumroute/ops/http';
import { currentRequest, runInRequest } from '@quantumroute/ops/request';
import type { GatewayContext } from '../context.ts';
import type { Authenticator } from '../identity/authenticate.ts';
import { credentialsIn } from '../identity/http-credentials.ts';
import type { AnswerLane } from './answer-lane.ts';
import { noTimings } from '../upstream/timings.ts';

/**
 * GraphQL over HTTP. The deadline is the operation's: when it passes, the answer holds what has come
 * by then.
 */
export function createGraphqlHandler({
  server,
  authenticate,
  lane,
  deadlineMs,
  allowsUnbatched,
}: {
  server: ApolloServer<GatewayContext>;
  authenticate: Authenticator;
  /** The short way that requests may have come by before. */
  lane: AnswerLane;
  deadlineMs: number;
  /** Whether `x-quantumroute-batching: off` is passed on, to show what batching saves. */
  allowsUnbatched: boolean;
}): Handler {
  const operation = graphqlRoute<GatewayContext>(server, {
    async createContext(request) {
      const scope = currentRequest();
      if (!scope) throw new Error('A request has a scope');
      const isUnbatched = request.headers['x-quantumroute-batching'] === 'off';
      if (allowsUnbatched && isUnbatched) scope.batching = false;
      const arrival = lane.arrivalOf(request);
      return {
        caller: await authenticate(credentialsIn(request)),
        scope,
        timings: noTimings(),
        ...(arrival ? { arrival } : {}),
        ...(arrival?.generation === undefined ? {} : { generation: arrival.generation }),
      };
    },
    onAnswer: lane.answered,
  });
  return (request, response) => {
    const scope = currentRequest();
    if (!scope) throw new Error('A request has a scope');
    const signal = inTime(scope.signal, { response, deadlineMs });
    const bounded = { ...scope, signal, deadlineAt: Date.now() + deadlineMs };
    return runInRequest(bounded, () => operation(request, response));
  };
}

/**
 * Aborts with `signal`, or after `deadlineMs`, and never after the answer. A signal of
 * `AbortSignal.timeout` would abort for each request that was answered long ago.
 */
function inTime(
  signal: AbortSignal,
  { response, deadlineMs }: { response: ServerResponse; deadlineMs: number },
): AbortSignal {
  const own = new AbortController();
  const late = (): void =>
    own.abort(failure('DEADLINE_EXCEEDED', 'The answer took longer than the deadline'));
  const deadline = setTimeout(late, deadlineMs);
  signal.addEventListener('abort', () => own.abort(signal.reason), { once: true });
  response.on('close', () => clearTimeout(deadline));
  return own.signal;
}
