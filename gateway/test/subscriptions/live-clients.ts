import type { FormattedExecutionResult } from 'graphql';
import { createClient as createStreamClient } from 'graphql-sse';
import { createClient as createSocketClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { subscribeByMultipart } from './multipart-client.ts';

/** What a client of one subscription sees, in order, and how to leave. */
export type Watch = {
  results: FormattedExecutionResult[];
  /** Resolves when the server ends the subscription, rejects when it refuses the client. */
  ended: Promise<void>;
  /** Waits for a number of results; rejects when the subscription ends before. */
  until(count: number): Promise<FormattedExecutionResult[]>;
  leave(): void;
};

/** An operation and who sends it. */
export type WatchRequest = {
  query: string;
  variables?: Record<string, unknown>;
  extensions?: Record<string, unknown>;
  token?: string;
  apiKey?: string;
};

/** A way to watch, with the client library of its protocol where there is one. */
export type Transport = (url: string, request: WatchRequest) => Watch;

/** Over a WebSocket; the credentials go into `connection_init`. */
export const overSocket: Transport = (url, request) => {
  const client = createSocketClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: credentialsOf(request),
    retryAttempts: 0,
  });
  return watch((sink) => client.subscribe(payloadOf(request), sink));
};

/** Over server-sent events; the credentials go into headers. */
export const overEventStream: Transport = (url, request) => {
  const client = createStreamClient({
    url: `${url}/graphql/stream`,
    headers: credentialsOf(request),
    retryAttempts: 0,
  });
  return watch((sink) => client.subscribe(payloadOf(request), sink));
};

/** Over one reserved event stream, as graphql-sse's single connection mode does it. */
export const overSingleConnection: Transport = (url, request) => {
  const client = createStreamClient({
    singleConnection: true,
    url: `${url}/graphql/stream`,
    headers: credentialsOf(request),
    retryAttempts: 0,
  });
  return watch((sink) => client.subscribe(payloadOf(request), sink));
};

/** Over Apollo's multipart protocol; the credentials go into headers. */
export const overMultipart: Transport = (url, request) => {
  const headers = credentialsOf(request);
  const payload = payloadOf(request);
  return watch((sink) => subscribeByMultipart(`${url}/graphql`, { headers, payload }, sink));
};

/** Every transport under its name. */
export const TRANSPORTS: readonly (readonly [string, Transport])[] = [
  ['graphql-ws', overSocket],
  ['graphql-sse', overEventStream],
  ['graphql-sse over a single connection', overSingleConnection],
  ['multipart', overMultipart],
];

/** What client libraries tell their callers. */
export type Sink = {
  next(result: unknown): void;
  error(error: unknown): void;
  complete(): void;
};

/** The operation as clients send it. */
export function payloadOf({ query, variables = {}, extensions }: WatchRequest) {
  return { query, variables, ...(extensions ? { extensions } : {}) };
}

/** The headers, or the payload of `connection_init`. */
export function credentialsOf({ token, apiKey }: WatchRequest): Record<string, string> {
  return {
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(apiKey === undefined ? {} : { 'x-api-key': apiKey }),
  };
}

/** Collects what a sink is told. */
export function watch(subscribe: (sink: Sink) => () => void): Watch {
  const results: FormattedExecutionResult[] = [];
  const waiting = new Set<() => void>();
  const changed = (): void => {
    for (const resolve of waiting) resolve();
    waiting.clear();
  };
  const ended = Promise.withResolvers<void>();
  ended.promise.catch(() => undefined);
  let isOver = false;
  const leave = subscribe({
    next(result) {
      results.push(result as FormattedExecutionResult);
      changed();
    },
    error(error) {
      isOver = true;
      // A refused operation is a list of errors here, as graphql-ws hands it over.
      if (Array.isArray(error)) results.push({ errors: error });
      ended.reject(error instanceof Error ? error : new Error(describe(error)));
      changed();
    },
    complete() {
      isOver = true;
      ended.resolve();
      changed();
    },
  });
  return {
    results,
    ended: ended.promise,
    leave,
    async until(count) {
      while (results.length < count) {
        if (isOver) throw new Error(`ended after ${results.length} of ${count} results`);
        await new Promise<void>((resolve) => waiting.add(resolve));
      }
      return results;
    },
  };
}

function describe(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'code' in error) {
    const { code, reason } = error as { code: number; reason?: string };
    return `${code} ${reason}`;
  }
  return JSON.stringify(error);
}
