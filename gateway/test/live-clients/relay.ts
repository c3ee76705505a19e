import { createClient } from 'graphql-ws';
import { Network, Observable } from 'relay-runtime';
import type { GraphQLResponse } from 'relay-runtime';
import { WebSocket } from 'ws';
import { credentialsOf, watch } from '../subscriptions/live-clients.ts';
import type { Transport } from '../subscriptions/live-clients.ts';

/** Relay's network layer over graphql-ws. */
export const relayOverSocket: Transport = (url, request) => {
  const client = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: credentialsOf(request),
    retryAttempts: 0,
  });
  const network = Network.create(
    () => Promise.reject(new Error('There is nothing to fetch')),
    ({ text, name }, variables) =>
      Observable.create<GraphQLResponse>((sink) =>
        client.subscribe({ query: text ?? '', operationName: name, variables }, sink as never),
      ),
  );
  const operation = {
    id: null,
    cacheID: 'watch',
    name: 'Watch',
    text: request.query,
    operationKind: 'subscription',
    metadata: {},
  } as const;
  return watch((sink) => {
    const subscription = network.execute(operation, request.variables ?? {}, {}, null).subscribe({
      next: (result: unknown) => sink.next(result),
      error: (error: unknown) => sink.error(error),
      complete: () => sink.complete(),
    });
    return () => subscription.unsubscribe();
  });
};
