import { Pool } from 'undici';
import type { Dispatcher } from 'undici';
import { bytesOf, readByteText } from '../byte-text.ts';
import type { ByteText } from '../byte-text.ts';
import { UpstreamError } from './upstream-error.ts';

/** An answer, whatever its status. Redirects are answers too: they are never followed. */
export type UpstreamAnswer = {
  status: number;
  headers: Dispatcher.ResponseData['headers'];
  text: ByteText;
};

/** One request that is on its way. */
export type Exchange = {
  /** Rejects with an `UpstreamError` and nothing else. */
  answer: Promise<UpstreamAnswer>;
  /** Rejects the answer with `error`, and lets the subgraph go. */
  cancel(error: UpstreamError): void;
};

/** How the connections to one subgraph are bounded. */
export type ConnectionLimits = {
  connections: number;
  /** Requests that wait for a connection; more are refused at once. */
  queue: number;
  answerBytes: number;
};

/** The connections to one subgraph. */
export type SubgraphConnections = {
  send(request: { body: ByteText; headers: Record<string, string> }): Exchange;
  close(): Promise<void>;
};

/** A bounded pool of kept-alive connections, none of which is opened before it is needed. */
export function openConnections(url: string, limits: ConnectionLimits): SubgraphConnections {
  const { origin, pathname, search } = new URL(url);
  const path = pathname + search;
  const most = limits.connections + limits.queue;
  let inFlight = 0;
  const pool = new Pool(origin, {
    connections: limits.connections,
    connect: { timeout: CONNECT_TIMEOUT_MS },
    // Below the five seconds after which Node's server closes an idle connection.
    keepAliveTimeout: 4_000,
    // Who asks has a deadline of his own.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  return {
    send({ body, headers }) {
      if (inFlight >= most) {
        const message = `${limits.queue} requests wait for a connection already`;
        throw new UpstreamError('overloaded', { message });
      }
      inFlight += 1;
      const reader = readAnswer(limits.answerBytes, () => {
        inFlight -= 1;
      });
      pool.dispatch({ path, method: 'POST', headers, body: bytesOf(body) }, reader.handler);
      return reader;
    },
    close: () => pool.destroy(),
  };
}

const CONNECT_TIMEOUT_MS = 1_000;

/** Collects one answer. `onDone` is called when the pool has no more to do with it. */
function readAnswer(
  answerBytes: number,
  onDone: () => void,
): Exchange & { handler: Dispatcher.DispatchHandler } {
  const { promise, resolve, reject } = Promise.withResolvers<UpstreamAnswer>();
  const chunks: Buffer[] = [];
  let bytes = 0;
  let head: Pick<UpstreamAnswer, 'status' | 'headers'> | undefined;
  let controller: Dispatcher.DispatchController | undefined;
  let canceled: UpstreamError | undefined;
  const cancel = (error: UpstreamError): void => {
    canceled ??= error;
    reject(canceled);
    controller?.abort(canceled);
  };
  const handler: Dispatcher.DispatchHandler = {
    onRequestStart(started) {
      controller = started;
      if (canceled) started.abort(canceled);
    },
    onResponseStart(_controller, status, headers) {
      // 103 and its like come before the answer.
      if (status >= 200) head = { status, headers };
    },
    onResponseData(_controller, chunk) {
      bytes += chunk.length;
      if (bytes > answerBytes) {
        cancel(new UpstreamError('too large', { message: `More than ${answerBytes} bytes came` }));
      } else chunks.push(chunk);
    },
    onResponseEnd() {
      onDone();
      if (head) resolve({ ...head, text: textOf(chunks, bytes) });
      else reject(new UpstreamError('not an answer', { message: 'An answer without a status' }));
    },
    onResponseError(_controller, error) {
      onDone();
      reject(canceled ?? unreachable(error, { isUnanswered: head === undefined }));
    },
  };
  return { answer: promise, cancel, handler };
}

function textOf(chunks: readonly Buffer[], bytes: number): ByteText {
  const [first] = chunks;
  if (first && chunks.length === 1) return readByteText(first);
  return readByteText(Buffer.concat(chunks, bytes));
}

function unreachable(cause: Error, { isUnanswered }: { isUnanswered: boolean }): UpstreamError {
  return new UpstreamError('unreachable', { message: cause.message, cause, isUnanswered });
}
