import { Pool } from 'undici';
import type { Dispatcher } from 'undici';

/** How the connection to one subgraph is bounded. */
export type SubgraphLimits = {
  connections: number;
  /** Requests that wait for a connection; more are refused at once. */
  queue: number;
  answerBytes: number;
};

/** Why a subgraph gave no answer. */
export type UpstreamFault =
  | 'unreachable'
  | 'overloaded'
  | 'timeout'
  | 'canceled'
  | 'too large'
  | 'not an answer';

/** No usable answer. The message is for our logs: it may hold what a client must not see. */
export class UpstreamError extends Error {
  readonly fault: UpstreamFault;
  /** The connection closed before the first byte of an answer. */
  readonly isUnanswered: boolean;

  constructor(
    fault: UpstreamFault,
    {
      message,
      cause,
      isUnanswered = false,
    }: { message: string; cause?: unknown; isUnanswered?: boolean },
  ) {
    super(message, { cause });
    this.name = 'UpstreamError';
    this.fault = fault;
    this.isUnanswered = isUnanswered;
  }
}

/** An answer, whatever its status. Redirects are answers too: they are never followed. */
export type UpstreamAnswer = {
  status: number;
  headers: Dispatcher.ResponseData['headers'];
  text: string;
};

/** Sends bodies to one subgraph over a bounded pool of connections. */
export type SubgraphClient = {
  post(request: {
    body: string;
    headers: Record<string, string>;
    timeoutMs: number;
    signal: AbortSignal;
  }): Promise<UpstreamAnswer>;
  close(): Promise<void>;
};

/** A client for the subgraph at `url`. `post` rejects with an `UpstreamError` and nothing else. */
export function createSubgraphClient(url: string, limits: SubgraphLimits): SubgraphClient {
  const { origin, pathname, search } = new URL(url);
  const pool = new Pool(origin, {
    connections: limits.connections,
    connect: { timeout: CONNECT_TIMEOUT_MS },
    // Below the five seconds after which Node's server closes an idle connection.
    keepAliveTimeout: 4_000,
  });
  return {
    async post({ body, headers, timeoutMs, signal }) {
      if (pool.stats.queued >= limits.queue) {
        const message = `${limits.queue} requests wait for a connection already`;
        throw new UpstreamError('overloaded', { message });
      }
      const patience = AbortSignal.timeout(timeoutMs);
      const either = AbortSignal.any([signal, patience]);
      let isAnswered = false;
      try {
        const options = { path: pathname + search, method: 'POST', headers, body } as const;
        const answer = await pool.request({ ...options, signal: either });
        isAnswered = true;
        const text = await readText(answer.body, limits.answerBytes);
        return { status: answer.statusCode, headers: answer.headers, text };
      } catch (error) {
        throw asUpstreamError(error, { patience, signal, timeoutMs, isAnswered });
      }
    },
    close: () => pool.destroy(),
  };
}

const CONNECT_TIMEOUT_MS = 1_000;

async function readText(
  body: Dispatcher.ResponseData['body'],
  answerBytes: number,
): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > answerBytes) {
      body.destroy();
      throw new UpstreamError('too large', { message: `More than ${answerBytes} bytes came` });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, bytes).toString('utf8');
}

function asUpstreamError(
  cause: unknown,
  at: { patience: AbortSignal; signal: AbortSignal; timeoutMs: number; isAnswered: boolean },
): UpstreamError {
  if (cause instanceof UpstreamError) return cause;
  if (at.signal.aborted) {
    return new UpstreamError('canceled', { message: 'The client left or ran out of time', cause });
  }
  if (at.patience.aborted) {
    return new UpstreamError('timeout', { message: `No answer in ${at.timeoutMs} ms`, cause });
  }
  const message = cause instanceof Error ? cause.message : String(cause);
  return new UpstreamError('unreachable', { message, cause, isUnanswered: !at.isAnswered });
}
