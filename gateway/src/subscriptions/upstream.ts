import { failure } from '@quantumroute/ops/failures';
import type { ErrorCode } from '@quantumroute/ops/failures';
import type { Identity } from '@quantumroute/ops/identity';
import type { Logger } from '@quantumroute/ops/log';
import type { FormattedExecutionResult } from 'graphql';
import { createEventQueue } from './event-queue.ts';
import type { EventStream } from './event-queue.ts';
import { noteOf } from './live-note.ts';
import { openUpstreamConnection } from './upstream-connection.ts';
import type { Sign, UpstreamConnection } from './upstream-connection.ts';

/** What is asked of a subgraph. */
export type UpstreamRequest = {
  query: string;
  variables: Record<string, unknown>;
  identity: Identity;
  requestId: string;
  /** Where the subgraph is to go on, as it has named it; null for what happens from now on. */
  position: string | null;
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
  /** Events that wait for a slow reader; one more ends his subscription, or lets it rest. */
  bufferedEvents: number;
  frameBytes: number;
};

/**
 * A graphql-ws connection to one subgraph, opened by the first subscription. When it is lost, each
 * subscription is made again with a fresh identity, after the position of its last event; subgraphs
 * that tell no positions send the present state first, so that nothing final is missed. After
 * `reconnectMs` they end with SUBGRAPH_UNAVAILABLE. A reader who is slow lets the subscription rest
 * until he has read what waits for him.
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
  sign: Sign;
  limits: UpstreamLimits;
  log: Logger;
}): Upstream {
  const connection = openUpstreamConnection({ url, sign, frameBytes: limits.frameBytes });
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

type SubscriptionParts = {
  subgraph: string;
  connection: UpstreamConnection;
  sign: Sign;
  limits: UpstreamLimits;
  log: Logger;
  request: UpstreamRequest;
};

class UpstreamSubscription {
  readonly queue;
  readonly #parts: SubscriptionParts;
  #state: 'open' | 'resting' | 'ended' = 'open';
  #position: string | null;
  #unsubscribe: () => void = () => undefined;
  #retryTimer: NodeJS.Timeout | undefined;
  #lostAt: number | null = null;
  #attempts = 0;

  constructor(parts: SubscriptionParts) {
    this.#parts = parts;
    this.#position = parts.request.position;
    this.queue = createEventQueue<FormattedExecutionResult>({
      capacity: parts.limits.bufferedEvents,
      onReturn: () => this.#stop(),
      onDrained: () => this.#wake(),
    });
  }

  start(): void {
    this.#attempt().catch((error: unknown) => this.#lost(error));
  }

  async #attempt(): Promise<void> {
    const { connection, sign, request } = this.#parts;
    const { query, variables, identity, requestId } = request;
    const signed = sign ? { identity: await sign(identity), requestId } : {};
    if (this.#state !== 'open') return;
    // What was given up may still say something, at the least that it is complete.
    let isPresent = true;
    const isStale = (): boolean => !isPresent || this.#state !== 'open';
    const unsubscribe = connection.client.subscribe(
      { query, variables, extensions: { ...signed, position: this.#position } },
      {
        next: (result) => isStale() || this.#received(result as FormattedExecutionResult),
        error: (error) => isStale() || (isResult(error) ? this.#refused(error) : this.#lost(error)),
        complete: () => isStale() || this.#end(),
      },
    );
    this.#unsubscribe = () => {
      isPresent = false;
      unsubscribe();
    };
  }

  #received(result: FormattedExecutionResult): void {
    this.#lostAt = null;
    this.#attempts = 0;
    const note = noteOf(result);
    if (this.queue.push(result)) {
      this.#position = note?.position ?? this.#position;
      return;
    }
    if (note?.position) return this.#rest();
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

  /** What comes meanwhile stays in the subgraph. */
  #rest(): void {
    this.#state = 'resting';
    this.#unsubscribe();
  }

  #wake(): void {
    if (this.#state !== 'resting') return;
    this.#state = 'open';
    this.start();
  }

  #lost(error: unknown): void {
    if (this.#state !== 'open') return;
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
