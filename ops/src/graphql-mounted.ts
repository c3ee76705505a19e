import { HeaderMap } from '@apollo/server';
import type { ApolloServer, BaseContext } from '@apollo/server';
import { ERROR_CODES } from './failures.ts';
import { refusing, sqlTiming } from './graphql-http.ts';
import type { CarriesHeaders } from './graphql-http.ts';
import { HttpError, refusalOf } from './http-error.ts';
import { createObserver } from './http-observer.ts';
import { allowedMsOf, requestIdOf, timedScope } from './http-scope.ts';
import type { Logger } from './log.ts';
import type { Metrics } from './metrics.ts';
import type { AskMounted, MountedAnswer, MountedRequest } from './mounted-subgraph.ts';
import { runInRequest } from './request.ts';

/** What `askMounted` needs beside the server. */
export type AskMountedOptions<C extends BaseContext> = {
  /** As for `graphqlRoute`. */
  createContext: (request: CarriesHeaders) => Promise<C>;
  /** The longest that a request may take, whatever its caller says. */
  deadlineMs: number;
  maxBytes: number;
  serverTiming: boolean;
  log: Logger;
  metrics: Metrics;
};

/**
 * Asks a started ApolloServer without HTTP: with the same scope, deadline, limits, metrics and spans
 * as a request of `graphqlRoute` has.
 */
export function askMounted<C extends BaseContext>(
  server: ApolloServer<C>,
  options: AskMountedOptions<C>,
): AskMounted {
  const observe = createObserver(options.metrics);
  return async (request) => {
    const { headers, signal } = request;
    const observed = observe({ method: 'POST', headers }, ROUTE);
    const requestId = requestIdOf(request);
    const allowedMs = allowedMsOf(request, options.deadlineMs);
    const { scope, aborted, end } = timedScope({ requestId, allowedMs });
    if (observed.span) scope.span = observed.span;
    const leave = (): void => end('left');
    if (signal.aborted) leave();
    signal.addEventListener('abort', leave, { once: true });
    try {
      const answering = runInRequest(scope, () => execute(server, request, options));
      const answer = await Promise.race([answering, aborted]);
      observed.end(answer.status);
      return answer;
    } catch (error) {
      const context = { log: options.log, requestId, route: ROUTE };
      const { status, headers: more, body } = refusalOf(error, context);
      observed.end(signal.aborted ? ERROR_CODES.REQUEST_CANCELED.httpStatus : status);
      return { status, headers: { ...more }, text: JSON.stringify(body) };
    } finally {
      signal.removeEventListener('abort', leave);
      end('answered');
    }
  };
}

const ROUTE = '/graphql';

async function execute<C extends BaseContext>(
  server: ApolloServer<C>,
  { body, headers }: MountedRequest,
  { createContext, maxBytes, serverTiming }: AskMountedOptions<C>,
): Promise<MountedAnswer> {
  if (Buffer.byteLength(body) > maxBytes) {
    const message = `The body is larger than ${maxBytes} bytes`;
    throw new HttpError(413, message, { code: 'PAYLOAD_TOO_LARGE' });
  }
  const answer = await server.executeHTTPGraphQLRequest({
    httpGraphQLRequest: {
      method: 'POST',
      headers: new HeaderMap(Object.entries(headers)),
      search: '',
      body: JSON.parse(body) as unknown,
    },
    context: () => refusing(() => createContext({ headers })),
  });
  if (answer.body.kind !== 'complete') throw new Error('A subgraph answers in one piece');
  const timing = serverTiming ? sqlTiming() : undefined;
  return {
    status: answer.status ?? 200,
    headers: {
      ...Object.fromEntries(answer.headers),
      ...(timing === undefined ? {} : { 'server-timing': timing }),
    },
    text: answer.body.string,
  };
}
