import type { IncomingMessage, Server } from 'node:http';
import { failure } from '@quantumroute/ops/failures';
import { serveGraphqlSockets } from '@quantumroute/ops/graphql-sockets';
import type { GraphqlSocketsOptions, SocketLimits } from '@quantumroute/ops/graphql-sockets';
import type { Logger } from '@quantumroute/ops/log';
import { GraphQLError, parse } from 'graphql';
import type { FormattedExecutionResult, GraphQLSchema } from 'graphql';
import type { SubscribePayload } from 'graphql-ws';
import type { WebSocket } from 'ws';
import type { Authenticator } from '../identity/authenticate.ts';
import type { Caller } from '../identity/caller.ts';
import type { OpenOperation, OperationAnswer } from './open-operation.ts';

/** Serves graphql-ws beside an HTTP server, until it is closed. */
export type SocketServer = { close(): Promise<void> };

/**
 * graphql-ws on `path`. The credentials come in the payload of `connection_init`, as
 * `authorization` or `x-api-key`. Whatever is wrong with an operation ends that operation only.
 */
export function serveSockets({
  node,
  path,
  origins,
  authenticate,
  openOperation,
  limits,
  log,
}: {
  node: Server;
  path: string;
  /** Pages of other origins that may connect. */
  origins: readonly string[];
  authenticate: Authenticator;
  openOperation: OpenOperation;
  limits: Partial<SocketLimits>;
  log: Logger;
}): SocketServer {
  return serveGraphqlSockets({
    node,
    path,
    log,
    limits,
    accepts: (request) => isAllowed(request, origins),
    protocol: protocolOf({ authenticate, openOperation }),
  });
}

type SocketState = { caller: Caller; left: AbortController };

const UNAUTHORIZED = 4401;
const TRY_AGAIN_LATER = 1013;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

// graphql-ws wants a document to choose between execute and subscribe; the answer is there already.
const ANSWERED = { document: parse('{ __typename }'), schema: {} as GraphQLSchema };

function protocolOf({
  authenticate,
  openOperation,
}: {
  authenticate: Authenticator;
  openOperation: OpenOperation;
}): GraphqlSocketsOptions['protocol'] {
  const states = new WeakMap<WebSocket, SocketState>();
  return {
    async onConnect({ connectionParams = {}, extra: { socket } }) {
      try {
        const caller = await authenticate(credentialsOf(connectionParams));
        states.set(socket, { caller, left: new AbortController() });
        closeWhenExpired(socket, caller);
        return true;
      } catch (error) {
        socket.close(closeCodeOf(error), reasonOf(error));
        return false;
      }
    },
    async onSubscribe({ extra: { socket } }, _id, payload) {
      const state = states.get(socket);
      if (!state) return [failure('UNAUTHENTICATED', 'The connection is not initialised')];
      const { caller, left } = state;
      const answer = await openOperation(requestOf(payload), { caller, signal: left.signal });
      return refusedErrors(answer) ?? { ...ANSWERED, contextValue: contentOf(answer) };
    },
    execute: ({ contextValue }) => contextValue as FormattedExecutionResult as never,
    onNext: (_context, _id, _payload, _args, result) => ({ ...result }),
    onClose: ({ extra: { socket } }) => states.get(socket)?.left.abort(),
  };
}

/** Browsers name the origin of our own pages too, such as the explorer's. Programs name none. */
function isAllowed({ headers }: IncomingMessage, origins: readonly string[]): boolean {
  const { origin, host } = headers;
  if (origin === undefined || origins.includes(origin)) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}

function credentialsOf(params: Readonly<Record<string, unknown>>) {
  // What is there but no text is a credential all the same: a wrong one.
  const textOf = (name: string): string | undefined => {
    const value = params[name] ?? undefined;
    return value === undefined || typeof value === 'string' ? value : '';
  };
  return {
    authorization: textOf('authorization') ?? textOf('Authorization'),
    apiKey: textOf('x-api-key'),
  };
}

function closeWhenExpired(socket: WebSocket, { expiresAt }: Caller): void {
  if (expiresAt === null) return;
  const remainingMs = Math.min(Math.max(0, expiresAt - Date.now()), LONGEST_TIMER_MS);
  const timer = setTimeout(() => socket.close(UNAUTHORIZED, 'The token expired'), remainingMs);
  socket.once('close', () => clearTimeout(timer));
}

/** Clients take 4401 for final, which an outage of whoever checks credentials is not. */
function closeCodeOf(error: unknown): number {
  const code = error instanceof GraphQLError ? error.extensions['code'] : undefined;
  return code === 'UNAUTHENTICATED' ? UNAUTHORIZED : TRY_AGAIN_LATER;
}

/** A close reason has 123 bytes. */
function reasonOf(error: unknown): string {
  return error instanceof GraphQLError ? error.message.slice(0, 100) : 'Not authenticated';
}

function requestOf({ query, operationName, variables, extensions }: SubscribePayload) {
  return {
    query,
    ...(operationName ? { operationName } : {}),
    ...(variables ? { variables } : {}),
    ...(extensions ? { extensions } : {}),
  };
}

/** What never began to execute is told by an `error` message. */
function refusedErrors(answer: OperationAnswer): GraphQLError[] | null {
  if (answer.kind === 'stream' || answer.result.data !== undefined) return null;
  return (answer.result.errors ?? []).map(
    ({ message, path, extensions }) =>
      new GraphQLError(message, {
        ...(path ? { path } : {}),
        ...(extensions ? { extensions } : {}),
      }),
  );
}

function contentOf(answer: OperationAnswer) {
  return answer.kind === 'stream' ? answer.stream : answer.result;
}
