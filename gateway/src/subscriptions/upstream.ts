import { failure } from '@quantumroute/ops/failures';
import type { ErrorCode } from '@quantumroute/ops/failures';
import type { Identity } from '@quantumroute/ops/identity';
import type { Logger } from '@quantumroute/ops/log';
import type { FormattedExecutionResult } from 'graphql';
import { createClient } from 'graphql-ws';
import type { Client } from 'graphql-ws';
import { WebSocket } from 'ws';
import { SERVICE_IDENTITY } from '../identity/credential-lookup.ts';
import { createEventQueue } from './event-queue.ts';
import type { EventStream } from './event-queue.ts';

/** What is asked of a subgraph. */
export type UpstreamRequest = {
  query: string;
  variables: Record<string, unknown>;
  identity: Identity;
  requestId: string;
};

/** The one connection over which a subgraph sends the events of all subscriptions. */
export type Upstream = {
  /** Events as the subgraph sends them. Leaving the stream ends the subscription there at once. */
  subscribe(request: UpstreamRequest): EventStream<FormattedExecutionResult>;
  close(): Promise<void>;
};

/** What an upstream is bounded by. */
export type UpstreamLimits = {
  /** How long a lost connection is tried again before the subscriptions on it end. */
  reconnectMs: number;
  /** Events that wait for a slow reader; one more ends his subscription. */
  bufferedEvents: number;
  frameBytes: number;
};

/**
 * A graphql-ws connection to one subgraph, opened by the first subscription. When it is lost, each
 * subscription is made again with a fresh identity; subgraphs send the present state first, so that
 * nothing final is missed. After `reconnectMs` they end with SUBGRAPH_UNAVAILABLE.
 */
export function createUpstream({
  subgraph,
  url,
  sign,
  limits,
  log,
}: {
  subgraph: string;
  url: string;
  /** Signs the caller for the subgraph; null sends no identity. */
  sign: ((identity: Identity) => Promise<string>) | null;
  limits: UpstreamLimits;
  log: Logger;
}): Upstream {
  const connection = openConnection({ url, sign, frameBytes: limits.frameBytes });
  return {
    subscribe(request) {
      const subscription = new UpstreamSubscription({
        subgraph,
        connection,
        sign,
        limits,
        log,
        request,
      });
      subscription.start();
      return subscription.queue.stream;
    },
    close: async () => connection.client.dispose(),
  };
}

const HANDSHAKE_TIMEOUT_MS = 3_000;
// A frozen connection is noticed within the sum of both.
const PING_EVERY_MS = 2_000;
const PONG_WITHIN_MS = 2_000;

type Sign = ((identity: Identity) => Promise<string>) | null;
type Connection = { client: Client; connectedAt: number };

function openConnection({
  url,
  sign,
  frameBytes,
}: {
  url: string;
  sign: Sign;
  frameBytes: number;
}): Connection {
  class BoundedWebSocket extends WebSocket {
    constructor(address: string, protocols: string) {
      super(address, protocols, {
        maxPayload: frameBytes,
        handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
        followRedirects: false,
      });
    }
  }
  let pongTimer: NodeJS.Timeout | undefined;
  const stopWaiting = (): void => clearTimeout(pongTimer);
  const client = createClient({
    url: url.replace(/^http/, 'ws'),
    webSocketImpl: BoundedWebSocket,
    connectionParams: async () => (sign ? { identity: await sign(SERVICE_IDENTITY) } : {}),
    connectionAckWaitTimeout: HANDSHAKE_TIMEOUT_MS,
    lazyCloseTimeout: 1_000,
    // The client would send the old identity again; every subscription reconnects by itself instead.
    retryAttempts: 0,
    keepAlive: PING_EVERY_MS,
    on: {
      connected: () => {
        connection.connectedAt = Date.now();
      },
      ping: (isReceived) => {
        if (isReceived) return;
        stopWaiting();
        pongTimer = setTimeout(() => client.terminate(), PONG_WITHIN_MS);
      },
      pong: (isReceived) => isReceived && stopWaiting(),
      closed: stopWaiting,
    },
  });
  const connection: Connection = { client, connectedAt: 0 };
  return connection;
}

type SubscriptionParts = {
  subgraph: string;
  connection: Connection;
  sign: Sign;
  limits: UpstreamLimits;
  log: Logger;
  request: UpstreamRequest;
};

class UpstreamSubscription {
  readonly queue;
  readonly #parts: SubscriptionParts;
  #state: 'open' | 'ended' = 'open';
  #unsubscribe: () => void = () => undefined;
  #retryTimer: NodeJS.Timeout | undefined;
  #lostAt: number | null = null;
  #attempts = 0;

  constructor(parts: SubscriptionParts) {
    this.#parts = parts;
    this.queue = createEventQueue<FormattedExecutionResult>({
      capacity: parts.limits.bufferedEvents,
      onReturn: () => this.#stop(),
    });
  }

  start(): void {
    this.#attempt().catch((error: unknown) => this.#lost(error));
  }

  async #attempt(): Promise<void> {
    const { connection, sign, request } = this.#parts;
    const { query, variables, identity, requestId } = request;
    const extensions = sign ? { extensions: { identity: await sign(identity), requestId } } : {};
    if (this.#state === 'ended') return;
    this.#unsubscribe = connection.client.subscribe(
      { query, variables, ...extensions },
      {
        next: (result) => this.#received(result as FormattedExecutionResult),
        error: (error) => (isResult(error) ? this.#refused(error) : this.#lost(error)),
        complete: () => this.#end(),
      },
    );
  }

  #received(result: FormattedExecutionResult): void {
    this.#lostAt = null;
    this.#attempts = 0;
    if (this.#state === 'ended' || this.queue.push(result)) return;
    this.#parts.log.warn({ subgraph: this.#parts.subgraph }, 'subscriber reads too slowly');
    this.#endWith('RATE_LIMITED', 'The events were read too slowly: subscribe again', {
      retryAfterSeconds: 1,
    });
  }

  #refused(errors: NonNullable<FormattedExecutionResult['errors']>): void {
    // As @apollo/gateway marks what a subgraph says, so that masking treats both alike.
    const { subgraph } = this.#parts;
    const marked = errors.map((error) => ({
      ...error,
      extensions: { ...error.extensions, serviceName: subgraph },
    }));
    this.#end({ errors: marked });
  }

  #lost(error: unknown): void {
    if (this.#state === 'ended') return;
    const { connection, subgraph, limits, log } = this.#parts;
    this.#unsubscribe();
    const wasConnectedSince = this.#lostAt !== null && connection.connectedAt > this.#lostAt;
    if (this.#lostAt === null || wasConnectedSince) {
      this.#lostAt = Date.now();
      this.#attempts = 0;
      log.warn({ subgraph, err: error }, 'subscription upstream lost');
    }
    if (Date.now() - this.#lostAt >= limits.reconnectMs) {
      const message = `The subgraph "${subgraph}" gave no usable answer`;
      return this.#endWith('SUBGRAPH_UNAVAILABLE', message);
    }
    this.#attempts += 1;
    this.#retryTimer = setTimeout(() => this.start(), backoffMs(this.#attempts));
  }

  #endWith(code: ErrorCode, message: string, extensions: Record<string, unknown> = {}): void {
    const { subgraph } = this.#parts;
    this.#end({ errors: [failure(code, message, { ...extensions, subgraph }).toJSON()] });
  }

  #end(...last: FormattedExecutionResult[]): void {
    if (this.#state === 'ended') return;
    this.#stop();
    this.queue.end(...last);
  }

  #stop(): void {
    this.#state = 'ended';
    clearTimeout(this.#retryTimer);
    this.#unsubscribe();
  }
}

function backoffMs(attempt: number): number {
  const fullMs = Math.min(100 * 2 ** attempt, 2_000);
  return fullMs / 2 + Math.random() * (fullMs / 2);
}

function isResult(error: unknown): error is NonNullable<FormattedExecutionResult['errors']> {
  return Array.isArray(error);
}
