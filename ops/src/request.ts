import { AsyncLocalStorage } from 'node:async_hooks';
import type { Span } from '@opentelemetry/api';

/** What every part of the kit knows about the request that it works for. */
export type RequestScope = {
  /** Travels from the client to the subgraphs and into each log line. */
  requestId: string;
  /** Aborted when the client leaves or the deadline passes. It stays quiet after a normal answer. */
  signal: AbortSignal;
  /** Milliseconds since the epoch. */
  deadlineAt: number;
  /** False when DataLoaders must not batch, which shows what batching saves. */
  batching: boolean;
  /** The position after which a subscription goes on; undefined for everything else. */
  resumesAt?: string | null | undefined;
  /** Statements sent to PostgreSQL so far and the time they took. */
  sql: { statements: number; milliseconds: number };
  /** Set while the request is traced. */
  span?: Span;
};

/** Runs `fn` and everything it starts inside `scope`. */
export function runInRequest<T>(scope: RequestScope, fn: () => T): T {
  return storage.run(scope, fn);
}

/** The scope of the request that is being answered, or undefined outside of one. */
export function currentRequest(): RequestScope | undefined {
  return storage.getStore();
}

/** Runs `fn` outside of any request: for work that goes on after the answer, such as a background run. */
export function runDetached<T>(fn: () => T): T {
  return storage.exit(fn);
}

/** A scope with fresh counters. Without a deadline it never passes. */
export function newRequestScope({
  requestId,
  signal = new AbortController().signal,
  deadlineAt = Number.POSITIVE_INFINITY,
  batching = true,
  resumesAt,
}: Partial<RequestScope> & { requestId: string }): RequestScope {
  const sql = { statements: 0, milliseconds: 0 };
  return { requestId, signal, deadlineAt, batching, resumesAt, sql };
}

const storage = new AsyncLocalStorage<RequestScope>();
