import { ApolloClient, CombinedGraphQLErrors, HttpLink, InMemoryCache, gql } from '@apollo/client';
import type { ApolloLink } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { credentialsOf, watch } from '../subscriptions/live-clients.ts';
import type { Transport } from '../subscriptions/live-clients.ts';

/** Apollo Client over its HTTP link, which speaks the multipart protocol for subscriptions. */
export const apolloOverMultipart: Transport = (url, request) =>
  overLink(new HttpLink({ uri: `${url}/graphql`, headers: credentialsOf(request) }), request);

/** Apollo Client over its link for graphql-ws. */
export const apolloOverSocket: Transport = (url, request) => {
  const client = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: credentialsOf(request),
    retryAttempts: 0,
  });
  return overLink(new GraphQLWsLink(client), request);
};

function overLink(
  link: ApolloLink,
  { query, variables = {} }: Parameters<Transport>[1],
): ReturnType<Transport> {
  const client = new ApolloClient({ link, cache: new InMemoryCache() });
  return watch((sink) => {
    const subscription = client
      .subscribe<Record<string, unknown>>({ query: gql(query), variables, errorPolicy: 'all' })
      .subscribe({
        next({ data, error }) {
          if (!error) return sink.next({ data });
          const errors = CombinedGraphQLErrors.is(error) ? error.errors : null;
          if (errors) sink.next({ ...(data ? { data } : {}), errors });
          else sink.error(error);
        },
        complete: () => sink.complete(),
      });
    return () => subscription.unsubscribe();
  });
}
