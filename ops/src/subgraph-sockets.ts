import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import { GraphQLError, buildSchema, parse } from 'graphql';
import type { ExecutionResult } from 'graphql';
import type { ServerOptions } from 'graphql-ws';
import { failure } from './failures.ts';
import { serveGraphqlSockets } from './graphql-sockets.ts';
import type { SocketExtra } from './graphql-sockets.ts';
import type { Identity } from './identity.ts';
import type { Logger } from './log.ts';
import type { Subscribe } from './subgraph-subscriptions.ts';
import type { ResultStream } from './subscription-stream.ts';

type Protocol = ServerOptions<Record<string, unknown>, SocketExtra>;
type Verifier = { verify(token: string): Promise<Identity> };

/**
 * Subscriptions over graphql-ws on `/graphql`. A token opens the socket (`payload.identity` of
 * `connection_init`), and every operation brings its caller's own (`payload.extensions.identity`),
 * because the gateway shares one socket between all of its callers.
 */
export function subgraphSockets({
  node,
  subscribe,
  verifier,
  log,
}: {
  node: Server;
  subscribe: Subscribe;
  verifier: Verifier;
  log: Logger;
}): { close(): Promise<void> } {
  const onConnect: Protocol['onConnect'] = async ({ connectionParams }) =>
    (await verified(connectionParams?.['identity'], verifier)) !== null;
  const onSubscribe: Protocol['onSubscribe'] = async (_ctx, _id, payload) => {
    const { query, variables, operationName, extensions } = payload;
    const identity = await verified(extensions?.['identity'], verifier);
    if (!identity) return [failure('UNAUTHENTICATED', 'The identity token is not valid')];
    const requestId = requestIdOf(extensions?.['requestId']);
    const outcome = await subscribe({
      query,
      variables,
      operationName,
      identity,
      requestId,
      ...positionIn(extensions),
    });
    if (Symbol.asyncIterator in outcome) return { ...STARTED, contextValue: outcome };
    return (outcome.errors ?? []).map(
      ({ message, path, extensions: details }) =>
        new GraphQLError(message, { path: path ?? null, extensions: details ?? null }),
    );
  };
  return serveGraphqlSockets({
    node,
    path: '/graphql',
    log,
    limits: { maxSockets: 200, maxOperationsPerSocket: 10_000 },
    protocol: {
      onConnect,
      onSubscribe,
      subscribe: ({ contextValue }) =>
        contextValue as ResultStream & AsyncIterable<ExecutionResult>,
      // Its errors are formatted already.
      onNext: (_ctx, _id, _payload, _args, result) => ({ ...result }),
    },
  });
}

// graphql-ws wants to see a subscription; the real one has started by then.
const STARTED = {
  schema: buildSchema('type Query { started: Boolean } type Subscription { started: Boolean }'),
  document: parse('subscription { started }'),
};

async function verified(token: unknown, verifier: Verifier): Promise<Identity | null> {
  if (typeof token !== 'string') return null;
  return verifier.verify(token).catch(() => null);
}

/** Whoever names a position, be it null, wants to be told positions. */
function positionIn(extensions: Record<string, unknown> | null | undefined) {
  const position = extensions?.['position'];
  return position === null || typeof position === 'string' ? { position } : {};
}

function requestIdOf(given: unknown): string {
  return typeof given === 'string' && /^[\w.:-]{1,128}$/.test(given) ? given : randomUUID();
}
