import { Client } from 'pg';

const CONNECT_TIMEOUT_MS = 2_000;

/**
 * Gives `work` a connection of its own for statements that take longer than those of requests may, or
 * that cannot be in a transaction. An abort closes it, and the server gives up what was running.
 */
export async function withMaintenance<T>(
  { url, signal, timeoutMs }: { url: string; signal: AbortSignal; timeoutMs: number },
  work: (client: Client) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const client = new Client({
    connectionString: url,
    application_name: 'quantumroute-report-maintenance',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: timeoutMs,
    idle_in_transaction_session_timeout: timeoutMs,
    keepAlive: true,
  });
  // A lost backend fails the running statement; unheard, it would end the process.
  client.on('error', () => undefined);
  const onAbort = () => client.connection.stream.destroy();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    await client.connect();
    return await work(client);
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  } finally {
    signal.removeEventListener('abort', onAbort);
    void client.end().catch(() => undefined);
  }
}
