import type { IncomingMessage, ServerResponse } from 'node:http';
import { HeaderMap } from '@apollo/server';
import type { ApolloServer, BaseContext, HTTPGraphQLResponse } from '@apollo/server';
import { GraphQLError } from 'graphql';
import { hasJsonBody, readJson } from './http-body.ts';
import type { BodyLimits } from './http-body.ts';
import { answerOf, retryHeaders } from './http-error.ts';
import type { Handler } from './http.ts';
import { currentRequest } from './request.ts';

/** The part of a request that tells who asks. */
export type CarriesHeaders = Pick<IncomingMessage, 'headers'>;

/** What `graphqlRoute` needs beside the server. */
export type GraphqlRouteOptions<C extends BaseContext> = {
  /** A GraphQLError with a code of the catalogue refuses the request with that code's HTTP status. */
  createContext: (request: IncomingMessage, response: ServerResponse) => C | Promise<C>;
  body?: BodyLimits;
  /** Adds `Server-Timing: sql;desc="<statements>";dur=<milliseconds>`; default false. */
  serverTiming?: boolean;
  /** Is told of each answer before it is sent. */
  onAnswer?: (request: IncomingMessage, answer: HTTPGraphQLResponse) => void;
};

/** Serves a started ApolloServer on one route, for every method. */
export function graphqlRoute<C extends BaseContext>(
  server: ApolloServer<C>,
  { createContext, body: limits, serverTiming = false, onAnswer }: GraphqlRouteOptions<C>,
): Handler {
  return async (request, response) => {
    const answer = await server.executeHTTPGraphQLRequest({
      httpGraphQLRequest: {
        method: (request.method ?? 'GET').toUpperCase(),
        headers: headersOf(request),
        search: searchOf(request),
        body: await bodyOf(request, limits),
      },
      context: async () => refusing(() => createContext(request, response)),
    });
    onAnswer?.(request, answer);
    if (serverTiming) addServerTiming(response);
    await send(response, answer);
  };
}

async function bodyOf(request: IncomingMessage, limits?: BodyLimits): Promise<unknown> {
  // Apollo refuses other types itself, after its check for forged cross-site requests.
  if (request.method !== 'POST' || !hasJsonBody(request)) return undefined;
  if (request.headers['content-length'] === '0') return undefined;
  return readJson(request, limits);
}

function headersOf(request: IncomingMessage): HeaderMap {
  const headers = new HeaderMap();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return headers;
}

function searchOf({ url = '' }: IncomingMessage): string {
  const start = url.indexOf('?');
  return start < 0 ? '' : url.slice(start);
}

/** Apollo answers 500 when a context fails, unless the error carries another status. */
export async function refusing<C>(createContext: () => C | Promise<C>): Promise<C> {
  try {
    return await createContext();
  } catch (error) {
    const { status, error: shown, ours } = answerOf(error);
    if (ours) throw error;
    const headers = new HeaderMap(Object.entries(retryHeaders(shown.extensions)));
    throw new GraphQLError(shown.message, {
      extensions: { ...shown.extensions, http: { status, headers } },
    });
  }
}

function addServerTiming(response: ServerResponse): void {
  const timing = sqlTiming();
  if (timing !== undefined && !response.headersSent) response.setHeader('server-timing', timing);
}

/** The value of `Server-Timing` for the current request; undefined outside of one. */
export function sqlTiming(): string | undefined {
  const sql = currentRequest()?.sql;
  return sql && `sql;desc="${sql.statements}";dur=${sql.milliseconds.toFixed(2)}`;
}

async function send(response: ServerResponse, answer: HTTPGraphQLResponse): Promise<void> {
  if (response.destroyed || response.headersSent) return;
  for (const [name, value] of answer.headers) response.setHeader(name, value);
  response.statusCode = answer.status ?? 200;
  if (answer.body.kind === 'complete') {
    const { string } = answer.body;
    // As a text, a long one would be measured, put behind the headers and only then encoded.
    const body = string.length > LONG_CHARACTERS ? Buffer.from(string) : string;
    response.setHeader('content-length', Buffer.byteLength(body));
    return void response.end(body);
  }
  await sendChunks(response, answer.body.asyncIterator);
}

const LONG_CHARACTERS = 4_096;

async function sendChunks(
  response: ServerResponse,
  chunks: AsyncIterableIterator<string>,
): Promise<void> {
  response.once('close', () => void chunks.return?.());
  for await (const chunk of chunks) {
    if (response.destroyed) return;
    if (!response.write(chunk)) await drained(response);
  }
  response.end();
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response.off('drain', done);
      response.off('close', done);
      resolve();
    };
    response.once('drain', done);
    response.once('close', done);
  });
}
