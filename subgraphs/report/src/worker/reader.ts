import { Client } from 'pg';
import QueryStream from 'pg-query-stream';

import type { Query } from '../figures/measure.ts';
import type { Sql } from '../storage/sql.ts';
import { numbered } from '../storage/sql.ts';
import { READER_APPLICATION_NAME, readWatermark, watermarkSql } from '../storage/watermark.ts';

/** One consistent look at the facts. */
export type Reader = {
  /** Everything recorded up to here is in what the reader sees. */
  readonly dataAsOf: Date;
  readonly query: Query;
  /** Rows in batches, fetched as they are consumed. */
  stream(statement: Sql): AsyncIterable<Record<string, unknown>>;
};

const CONNECT_TIMEOUT_MS = 2_000;
const CANCEL_PATIENCE_MS = 500;
const BATCH_ROWS = 1_000;

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
    application_name: READER_APPLICATION_NAME,
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

/**
 * The watermark is read before the snapshot is taken: whatever was recorded earlier than the oldest
 * transaction that is open now has been committed, and is seen.
 */
async function openSnapshot(client: Client, signal: AbortSignal): Promise<Reader> {
  signal.throwIfAborted();
  const { rows } = await client.query<{ epochMs: number }>(watermarkSql);
  await client.query('begin isolation level repeatable read read only');
  return {
    dataAsOf: readWatermark(rows),
    query: async (statement) => {
      // Between two statements there was nothing in the server to cancel.
      signal.throwIfAborted();
      const result = await client.query<Record<string, unknown>>(numbered(statement), [
        ...statement.values,
      ]);
      return result.rows;
    },
    stream: (statement) =>
      client.query(
        new QueryStream(numbered(statement), [...statement.values], { batchSize: BATCH_ROWS }),
      ),
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
