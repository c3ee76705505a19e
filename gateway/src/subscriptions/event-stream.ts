import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Handler } from '@quantumroute/ops/http';
import { hasJsonBody, readJson } from '@quantumroute/ops/http-body';
import { HttpError } from '@quantumroute/ops/http-error';
import { z } from 'zod';
import type { Authenticator } from '../identity/authenticate.ts';
import { credentialsIn } from '../identity/http-credentials.ts';
import type { EventStream } from './event-queue.ts';
import type { OpenOperation, OperationAnswer, OperationRequest } from './open-operation.ts';

/** Serves event streams until it is closed. */
export type EventStreams = { handler: Handler; close(): void };

/** Whether a client asks for server-sent events. */
export function wantsEventStream({ headers }: IncomingMessage): boolean {
  return (headers.accept ?? '').toLowerCase().includes('text/event-stream');
}

/**
 * Server-sent events as graphql-sse's distinct connections mode has them: one operation for each
 * request, a `next` event for each answer, `complete` at the end; a stream that is cut short (the
 * token expired, the gateway stops) ends without it. Credentials come in headers; a refused caller
 * gets an ordinary HTTP status. Mutations need POST.
 */
export function createEventStreams({
  authenticate,
  openOperation,
  maxStreams,
  patienceMs = 30_000,
}: {
  authenticate: Authenticator;
  openOperation: OpenOperation;
  /** Streams that may be open at the same time. */
  maxStreams: number;
  /** How long a client may read nothing of what it was sent, before it is cut off. */
  patienceMs?: number;
}): EventStreams {
  const open = new Set<AbortController>();
  let isClosed = false;
  return {
    async handler(request, response) {
      const operation = await operationIn(request);
      const caller = await authenticate(credentialsIn(request));
      if (isClosed) throw unavailable('The gateway is stopping');
      if (open.size >= maxStreams) throw unavailable('Too many streams are open');
      const left = new AbortController();
      const { signal } = left;
      open.add(left);
      response.once('close', () => {
        open.delete(left);
        left.abort();
      });
      const isReadOnly = request.method === 'GET';
      const answer = await openOperation(operation, { caller, signal, isReadOnly });
      const stream = streamOf(answer);
      if (signal.aborted) {
        await stream.return();
        throw unavailable('The gateway is stopping');
      }
      await sendEvents(response, { stream, signal, until: caller.expiresAt, patienceMs });
    },
    close() {
      isClosed = true;
      for (const left of open) left.abort();
    },
  };
}

const HEARTBEAT_MS = 12_000;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

function unavailable(message: string): HttpError {
  return new HttpError(503, message, { code: 'SERVICE_UNAVAILABLE' });
}

const operationShape = z.object({
  query: z.string().optional(),
  operationName: z.string().nullish(),
  variables: z.record(z.string(), z.unknown()).nullish(),
  extensions: z.record(z.string(), z.unknown()).nullish(),
});

async function operationIn(request: IncomingMessage): Promise<OperationRequest> {
  const given = request.method === 'GET' ? parametersOf(request) : await bodyOf(request);
  const parsed = operationShape.safeParse(given);
  if (!parsed.success) throw new HttpError(400, 'The request holds no GraphQL operation');
  const { query, operationName, variables, extensions } = parsed.data;
  return {
    ...(query === undefined ? {} : { query }),
    ...(operationName ? { operationName } : {}),
    ...(variables ? { variables } : {}),
    ...(extensions ? { extensions } : {}),
  };
}

/** A page of another origin may send other types without asking first. */
async function bodyOf(request: IncomingMessage): Promise<unknown> {
  if (request.method !== 'POST') throw new HttpError(405, 'GET, POST only');
  if (!hasJsonBody(request))
    throw new HttpError(415, 'The body needs content-type application/json');
  return readJson(request);
}

function parametersOf({ url = '' }: IncomingMessage): Record<string, unknown> {
  const parameters = new URLSearchParams(url.slice(url.indexOf('?') + 1));
  const json = (name: string): unknown => {
    const text = parameters.get(name);
    try {
      return text ? JSON.parse(text) : undefined;
    } catch {
      throw new HttpError(400, `The parameter ${name} is not valid JSON`);
    }
  };
  return {
    query: parameters.get('query') ?? undefined,
    operationName: parameters.get('operationName'),
    variables: json('variables'),
    extensions: json('extensions'),
  };
}

function streamOf(answer: OperationAnswer): EventStream<unknown> {
  if (answer.kind === 'stream') return answer.stream;
  const results = [answer.result];
  const stream: EventStream<unknown> = {
    async next() {
      const value = results.shift();
      return value ? { done: false, value } : { done: true, value: undefined };
    },
    async return() {
      results.length = 0;
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]: () => stream,
  };
  return stream;
}

async function sendEvents(
  response: ServerResponse,
  options: {
    stream: EventStream<unknown>;
    signal: AbortSignal;
    until: number | null;
    patienceMs: number;
  },
): Promise<void> {
  const { stream, signal, until, patienceMs } = options;
  let isCut = false;
  const leave = (): void => {
    isCut = true;
    void stream.return();
  };
  signal.addEventListener('abort', leave, { once: true });
  const validMs = until === null ? LONGEST_TIMER_MS : until - Date.now();
  const expiry = setTimeout(leave, Math.min(Math.max(0, validMs), LONGEST_TIMER_MS));
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
  });
  // Some browsers see the headers only with the first byte of the body.
  response.write(':\n\n');
  const heartbeat = setInterval(() => response.write(':\n\n'), HEARTBEAT_MS);
  try {
    for await (const result of stream) {
      await write(response, `event: next\ndata: ${JSON.stringify(result)}\n\n`, patienceMs);
    }
    // To a client "complete" means that nothing more will ever come.
    if (!isCut) await write(response, 'event: complete\ndata:\n\n', patienceMs);
  } finally {
    clearTimeout(expiry);
    clearInterval(heartbeat);
    response.end();
  }
}

/** Waits for a slow reader, not for ever; nothing more is taken from the stream meanwhile. */
function write(response: ServerResponse, text: string, patienceMs: number): Promise<void> {
  if (response.destroyed || response.write(text)) return Promise.resolve();
  return new Promise((resolve) => {
    const patience = setTimeout(() => response.destroy(), patienceMs);
    const done = (): void => {
      clearTimeout(patience);
      response.off('drain', done);
      response.off('close', done);
      resolve();
    };
    response.once('drain', done);
    response.once('close', done);
  });
}
