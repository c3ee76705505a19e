import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import type { GraphQLError } from 'graphql';
import { failure } from './failures.ts';
import { serveGraphqlSockets } from './graphql-sockets.ts';
import { SocketRefusal } from './graphql-transport-ws.ts';
import type { SocketAnswer } from './graphql-transport-ws.ts';
import type { Identity } from './identity.ts';
import type { Logger } from './log.ts';
import type { Subscribe } from './subgraph-subscriptions.ts';

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
  return serveGraphqlSockets({
    node,
    path: '/graphql',
    log,
    limits: { maxSockets: 200, maxOperationsPerSocket: 10_000 },
    admit: () => ({
      async connect({ identity }) {
        if (!(await verified(identity, verifier))) throw new SocketRefusal(FORBIDDEN, 'Forbidden');
      },
      async open({ query, variables, operationName, extensions }) {
        const identity = await verified(extensions?.['identity'], verifier);
        if (!identity) return refused(failure('UNAUTHENTICATED', 'The identity is not valid'));
        const requestId = requestIdOf(extensions?.['requestId']);
        const outcome = await subscribe({
          query,
          variables,
          operationName,
          identity,
          requestId,
          ...positionIn(extensions),
        });
        if (Symbol.asyncIterator in outcome) return { kind: 'stream', stream: outcome };
        return { kind: 'refused', errors: outcome.errors ?? [] };
      },
    }),
  });
}

const FORBIDDEN = 4403;

function refused(error: GraphQLError): SocketAnswer {
  return { kind: 'refused', errors: [error.toJSON()] };
}

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
