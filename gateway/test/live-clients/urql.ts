import { Client, subscriptionExchange } from '@urql/core';
import type { SubscriptionForwarder } from '@urql/core';
import { createClient as createStreamClient } from 'graphql-sse';
import { createClient as createSocketClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { credentialsOf, watch } from '../subscriptions/live-clients.ts';
import type { Transport } from '../subscriptions/live-clients.ts';

/** urql with its subscription exchange over graphql-ws. */
export const urqlOverSocket: Transport = (url, request) => {
  const client = createSocketClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: credentialsOf(request),
    retryAttempts: 0,
  });
  return overExchange(url, request, ({ query = '', variables = {} }) => ({
    subscribe: (sink) => ({ unsubscribe: client.subscribe({ query, variables }, sink as never) }),
  }));
};

/** urql with its subscription exchange over graphql-sse. */
export const urqlOverEventStream: Transport = (url, request) => {
  const client = createStreamClient({
    url: `${url}/graphql/stream`,
    headers: credentialsOf(request),
    retryAttempts: 0,
  });
  return overExchange(url, request, ({ query = '', variables = {} }) => ({
    subscribe: (sink) => ({ unsubscribe: client.subscribe({ query, variables }, sink as never) }),
  }));
};

function overExchange(
  url: string,
  { query, variables = {} }: Parameters<Transport>[1],
  forwardSubscription: SubscriptionForwarder,
): ReturnType<Transport> {
  const client = new Client({
    url: `${url}/graphql`,
    exchanges: [subscriptionExchange({ forwardSubscription })],
    preferGetMethod: false,
  });
  return watch((sink) => {
    const subscription = client
      .subscription<Record<string, unknown>>(query, variables)
      .subscribe(({ data, error, hasNext }) => {
        if (!hasNext) return sink.complete();
        if (error?.networkError) return sink.error(error.networkError);
        sink.next({ ...(data ? { data } : {}), ...(error ? { errors: error.graphQLErrors } : {}) });
      });
    return () => subscription.unsubscribe();
  });
}
