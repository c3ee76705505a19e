import { Client } from 'pg';
import type { Pool, PoolClient } from 'pg';
import type { Logger } from './log.ts';
import type { Metrics } from './metrics.ts';
import { currentRequest } from './request.ts';
import { inStatementSpan } from './work-spans.ts';

type Watch = { log: Logger; metrics: Metrics };

/**
 * Measures every statement of `pool`, ties it to the current request (its counters and its signal),
 * and keeps a lost connection from ending the process.
 */
export function watchPool(pool: Pool, watch: Watch): void {
  pool.on('error', (error) => watch.log.warn({ err: error }, 'idle database connection lost'));
  pool.on('connect', (client) => {
    client.on('error', (error: Error) =>
      watch.log.warn({ err: error }, 'database connection lost'),
    );
    watchClient(client, pool, watch);
  });
}

const CANCEL_TIMEOUT_MS = 1_000;
// Part of a transaction's frame: not counted as statements, and never refused, so that an aborted
// request can still roll back.
const FRAME = /^\s*(begin|start transaction|commit|rollback|savepoint|release|set|reset)\b/i;
const ROLLBACK = /^\s*rollback\s*;?\s*$/i;

type Query = (...args: unknown[]) => unknown;

function watchClient(client: PoolClient, pool: Pool, watch: Watch): void {
  const send = client.query.bind(client) as Query;
  const query: Query = (...args) => {
    const [text] = args;
    // Cursors and callbacks have a life of their own and end with their statement.
    if (typeof text !== 'string' || args.some((arg) => typeof arg === 'function')) {
      return send(...args);
    }
    const run = () => send(...args) as Promise<unknown>;
    if (ROLLBACK.test(text)) return rolledBack(client, run());
    if (FRAME.test(text)) return dropIfHung(client, run());
    const work = () => abortable(client, pool, watch.log, run);
    return inStatementSpan(text, () => measured(watch.metrics, work));
  };
  client.query = query as typeof client.query;
}

async function measured<T>(metrics: Metrics, run: () => Promise<T>): Promise<T> {
  const scope = currentRequest();
  const startedAt = performance.now();
  try {
    return await run();
  } finally {
    const milliseconds = performance.now() - startedAt;
    metrics.sqlSeconds.observe(milliseconds / 1000);
    if (scope) {
      scope.sql.statements += 1;
      scope.sql.milliseconds += milliseconds;
    }
  }
}

/** Runs a statement that the current request's signal cancels, in the server as well as here. */
async function abortable<T>(
  client: PoolClient,
  pool: Pool,
  log: Logger,
  run: () => Promise<T>,
): Promise<T> {
  const signal = currentRequest()?.signal;
  if (!signal) return dropIfHung(client, run());
  signal.throwIfAborted();
  let cancellation: Promise<void> | undefined;
  const onAbort = () => {
    cancellation = cancelStatement(client, pool, log);
  };
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await dropIfHung(client, run());
  } finally {
    signal.removeEventListener('abort', onAbort);
    // Until the cancellation has landed the connection must not serve anyone else's statement.
    await cancellation;
  }
}

async function cancelStatement(client: PoolClient, pool: Pool, log: Logger): Promise<void> {
  const processId = 'processID' in client ? Number(client.processID) : NaN;
  if (!Number.isInteger(processId)) return;
  const canceller = new Client({
    ...pool.options,
    // Not enumerable, so that the spread leaves it behind.
    password: pool.options.password,
    connectionTimeoutMillis: CANCEL_TIMEOUT_MS,
    query_timeout: CANCEL_TIMEOUT_MS,
  });
  canceller.on('error', () => undefined);
  try {
    await canceller.connect();
    await canceller.query('select pg_cancel_backend($1)', [processId]);
  } catch (error) {
    log.warn({ err: error }, 'statement could not be cancelled, it runs into its timeout');
  } finally {
    void canceller.end().catch(() => undefined);
  }
}

/** A server that does not even answer in time is hung: its connection is not used again. */
async function dropIfHung<T>(client: PoolClient, result: Promise<T>): Promise<T> {
  try {
    return await result;
  } catch (error) {
    if (error instanceof Error && error.message === 'Query read timeout') {
      client.connection.stream.destroy(error);
    }
    throw error;
  }
}

/**
 * Where even a rollback fails, the connection is lost or has to be: the server then rolls back by
 * itself. Passed on, the failure would keep the query builder from giving the connection back, and
 * the pool would be short of one for ever.
 */
async function rolledBack(client: PoolClient, result: Promise<unknown>): Promise<unknown> {
  try {
    return await result;
  } catch (error) {
    client.connection.stream.destroy(error instanceof Error ? error : undefined);
    return { command: 'ROLLBACK', rowCount: null, rows: [] };
  }
}
