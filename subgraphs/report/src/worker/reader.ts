import { inStatementSpan } from '@quantumroute/ops/work-spans';
import { Client } from 'pg';
import Cursor from 'pg-cursor';

import type { Query } from '../figures/measure.ts';
import type { Sql } from '../storage/sql.ts';
import { numbered } from '../storage/sql.ts';

/** One consistent look at the facts. */
export type Reader = {
  readonly query: Query;
  /** Rows in batches, each fetched when it is asked for. */
  batches(statement: Sql): AsyncIterable<readonly Record<string, unknown>[]>;
};

const APPLICATION_NAME = 'quantumroute-report-reader';
const CONNECT_TIMEOUT_MS = 2_000;
const CANCEL_PATIENCE_MS = 500;
/** Small, so that what is made of a batch is garbage before much of it has piled up. */
const BATCH_ROWS = 200;

/**
 * Gives `work` a connection of its own with a read-only snapshot, so that rows, totals and charts
 * cannot disagree. When `signal` is aborted the running statement is canceled in the server too.
 */
export async function withReader<T>(
  { url, signal, timeoutMs }: { url: string; signal: AbortSignal; timeoutMs: number },
  work: (reader: Reader) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const client = new Client({
    connectionString: url,
    application_name: APPLICATION_NAME,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: timeoutMs,
    idle_in_transaction_session_timeout: timeoutMs,
    keepAlive: true,
  });
  // A lost backend fails the running statement; unheard, it would end the process.
  client.on('error', () => undefined);
  const onAbort = () => void cancel(client, url);
  try {
    await client.connect();
    signal.addEventListener('abort', onAbort, { once: true });
    const reader = await openSnapshot(client, signal);
    return await work(reader);
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  } finally {
    signal.removeEventListener('abort', onAbort);
    void client.end().catch(() => undefined);
  }
}

async function openSnapshot(client: Client, signal: AbortSignal): Promise<Reader> {
  signal.throwIfAborted();
  await client.query('begin isolation level repeatable read read only');
  return {
    query: async (statement) => {
      // Between two statements there was nothing in the server to cancel.
      signal.throwIfAborted();
      const text = numbered(statement);
      const result = await inStatementSpan(text, () =>
        client.query<Record<string, unknown>>(text, [...statement.values]),
      );
      return result.rows;
    },
    async *batches(statement) {
      const cursor = client.query(new Cursor(numbered(statement), [...statement.values]));
      for (;;) {
        signal.throwIfAborted();
        const rows = await cursor.read(BATCH_ROWS);
        if (rows.length > 0) yield rows;
        if (rows.length < BATCH_ROWS) break;
      }
      await cursor.close();
    },
  };
}

async function cancel(client: Client, url: string): Promise<void> {
  const processId = 'processID' in client ? Number(client.processID) : NaN;
  const canceller = new Client({
    connectionString: url,
    connectionTimeoutMillis: CANCEL_PATIENCE_MS,
    query_timeout: CANCEL_PATIENCE_MS,
  });
  canceller.on('error', () => undefined);
  try {
    await canceller.connect();
    await canceller.query('select pg_cancel_backend($1)', [processId]);
  } catch {
    // An unreachable server: without its socket the reader fails at once, the server later.
    client.connection.stream.destroy();
  } finally {
    void canceller.end().catch(() => undefined);
  }
}
