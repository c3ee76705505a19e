import { failure } from '@quantumroute/ops/failures';
import { SocketRefusal } from '@quantumroute/ops/graphql-transport-ws';
import type {
  SocketAnswer,
  SocketHandle,
  SocketSession,
} from '@quantumroute/ops/graphql-transport-ws';
import { GraphQLError } from 'graphql';
import type { SubscribePayload } from 'graphql-ws';
import type { Authenticator, Credentials } from '../identity/authenticate.ts';
import { ANONYMOUS_CALLER } from '../identity/caller.ts';
import type { Caller } from '../identity/caller.ts';
import type { LiveConnection, LiveConnections } from './live-connections.ts';
import type { OpenOperation } from './open-operation.ts';
import { renew } from './renewal.ts';
import { textOf } from './result-text.ts';
import type { Seat } from './tally.ts';

type Payload = Readonly<Record<string, unknown>>;

/** A socket of a client: whose it is, what it may run, and until when. */
export class ClientSession implements SocketSession {
  readonly textOf = textOf;
  readonly #authenticate: Authenticator;
  readonly #openOperation: OpenOperation;
  readonly #connection: LiveConnection;
  #caller: Caller = ANONYMOUS_CALLER;
  #socket: SocketHandle | undefined;

  /** Throws when no further socket of this address, or none at all, may be open. */
  constructor({
    authenticate,
    openOperation,
    connections,
    address,
  }: {
    authenticate: Authenticator;
    openOperation: OpenOperation;
    connections: LiveConnections;
    address: string;
  }) {
    this.#authenticate = authenticate;
    this.#openOperation = openOperation;
    this.#connection = connections.enter({
      kind: 'sockets',
      caller: ANONYMOUS_CALLER,
      address,
      end: (reason) => this.#socket?.close(closeCodeOf(reason), reason.message),
    });
  }

  opened(socket: SocketHandle): void {
    this.#socket = socket;
  }

  async connect(payload: Payload): Promise<void> {
    try {
      this.#caller = await this.#authenticate(credentialsOf(payload));
      this.#connection.belongsTo(this.#caller);
    } catch (error) {
      const isOurs = !(error instanceof GraphQLError);
      const reason = isOurs ? 'Not authenticated' : error.message.slice(0, LONGEST_REASON);
      const isRefused = !isOurs && error.extensions['code'] === 'UNAUTHENTICATED';
      // Clients take 4401 for final, which an outage of whoever checks credentials is not.
      throw new SocketRefusal(isRefused ? UNAUTHORIZED : TRY_AGAIN_LATER, reason);
    }
  }

  async open(
    payload: SubscribePayload,
    { signal }: { signal: AbortSignal },
  ): Promise<SocketAnswer> {
    let seat: Seat;
    try {
      seat = this.#connection.startOperation();
    } catch (error) {
      return { kind: 'refused', errors: [(error as GraphQLError).toJSON()] };
    }
    signal.addEventListener('abort', seat.leave, { once: true });
    const answer = await this.#openOperation(requestOf(payload), { caller: this.#caller, signal });
    // What never began to execute is told by an `error` message.
    if (answer.kind === 'stream' || answer.result.data !== undefined) return answer;
    return { kind: 'refused', errors: answer.result.errors ?? [] };
  }

  /** A newer credential keeps the socket open for as long as that is valid. */
  async ping(payload: Payload): Promise<Record<string, unknown>> {
    const credentials = credentialsOf(payload);
    const { authorization, apiKey } = credentials;
    if (authorization === undefined && apiKey === undefined) return payload;
    try {
      const shown = await this.#authenticate(credentials);
      const reason = renew(this.#connection, { present: this.#caller, shown });
      this.#caller = shown;
      if (reason) this.#socket?.endOperations(reason.toJSON());
      const { expiresAt } = shown;
      return { expiresAt: expiresAt === null ? null : new Date(expiresAt).toISOString() };
    } catch (error) {
      const isKnown = error instanceof GraphQLError;
      const shown = isKnown ? error : failure('SERVICE_UNAVAILABLE', 'Not renewed: try again');
      return { errors: [shown.toJSON()] };
    }
  }

  left(): void {
    this.#connection.leave();
  }
}

const GOING_AWAY = 1001;
const TRY_AGAIN_LATER = 1013;
const UNAUTHORIZED = 4401;
const FORBIDDEN = 4403;
// Of the 123 bytes that a close reason may have.
const LONGEST_REASON = 100;

/** After either of both, clients connect again; with a new token where they can get one. */
function closeCodeOf({ extensions }: GraphQLError): number {
  return extensions['code'] === 'UNAUTHENTICATED' ? FORBIDDEN : GOING_AWAY;
}

function credentialsOf(payload: Payload): Credentials {
  // What is there but no text is a credential all the same: a wrong one.
  const textOf = (name: string): string | undefined => {
    const value = payload[name] ?? undefined;
    return value === undefined || typeof value === 'string' ? value : '';
  };
  return {
    authorization: textOf('authorization') ?? textOf('Authorization'),
    apiKey: textOf('x-api-key'),
  };
}

function requestOf({ query, operationName, variables, extensions }: SubscribePayload) {
  return {
    query,
    ...(operationName ? { operationName } : {}),
    ...(variables ? { variables } : {}),
    ...(extensions ? { extensions } : {}),
  };
}
