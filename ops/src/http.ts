import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { ERROR_CODES } from './failures.ts';
import { applyCors } from './http-cors.ts';
import type { CorsOptions } from './http-cors.ts';
import { HttpError, answerOf } from './http-error.ts';
import { openScope } from './http-scope.ts';
import type { Logger } from './log.ts';
import type { Metrics } from './metrics.ts';
import { runInRequest } from './request.ts';

/** Answers one request. What it throws becomes a JSON answer. */
export type Handler = (request: IncomingMessage, response: ServerResponse) => unknown;

/** A handler, or one without deadline: for answers that stream as long as they like. */
export type Route = Handler | { handler: Handler; deadline: false };

/** Limits of an HTTP server. Bodies have theirs in `http-body.ts`. */
export type HttpLimits = {
  /** Time for the headers of a request; default 15 s. */
  headersTimeoutMs: number;
  /** Time for a whole request to arrive; default 45 s. */
  arrivalTimeoutMs: number;
  /** Time in which nothing at all is read or written of a request, such as by a client who does not
   * read; default 60 s. */
  idleTimeoutMs: number;
  /** Time from the headers to the answer, after which the request's signal aborts; default 30 s. */
  deadlineMs: number;
};

/** What `createHttpServer` needs. */
export type HttpServerOptions = {
  log: Logger;
  metrics: Metrics;
  limits?: Partial<HttpLimits>;
  /** Keys: `GET /path`, `GET /prefix/*`, or `/path` for every method. GET also answers HEAD. */
  routes: Readonly<Record<string, Route>>;
  cors?: CorsOptions;
  /** True behind the gateway only: callers may shorten the deadline by a header. */
  acceptsDeadline?: boolean;
};

/** A server that is not listening yet. */
export type HttpServer = {
  node: Server;
  listen(port: number, host: string): Promise<{ port: number; url: string }>;
  /** Stops accepting, lets requests in flight finish within `graceMs`, then cuts. */
  close(options?: { graceMs?: number }): Promise<void>;
};

/**
 * An HTTP server with limits: every refusal and failure is JSON, every request has an id, a
 * deadline and an abort signal (see `request.ts`), and none outlives `close`.
 */
export function createHttpServer(options: HttpServerOptions): HttpServer {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const routeFor = compileRoutes(options.routes);
  const connections = new Map<Socket, Set<ServerResponse>>();
  let closing = false;
  const node = createServer(
    {
      headersTimeout: limits.headersTimeoutMs,
      requestTimeout: limits.arrivalTimeoutMs,
      connectionsCheckingInterval: 1_000,
      keepAliveTimeout: KEEP_ALIVE_MS,
      noDelay: true,
    },
    (request, response) => {
      const inFlight = connections.get(request.socket) ?? new Set();
      inFlight.add(response);
      response.once('close', () => {
        inFlight.delete(response);
        if (closing && inFlight.size === 0) request.socket.destroySoon();
      });
      if (closing) response.setHeader('connection', 'close');
      void serve({ request, response, route: routeFor(request), limits, options });
    },
  );
  node.timeout = limits.idleTimeoutMs;
  node.on('connection', (socket) => {
    connections.set(socket, new Set());
    socket.once('close', () => connections.delete(socket));
  });
  node.on('clientError', refuseUnreadable);
  return {
    node,
    listen: (port, host) => listen(node, port, host),
    async close({ graceMs = 10_000 } = {}) {
      closing = true;
      if (!node.listening) return;
      const closed = new Promise<void>((resolve) => node.close(() => resolve()));
      for (const [socket, inFlight] of connections) {
        if (inFlight.size === 0) socket.destroySoon();
        for (const response of inFlight) {
          if (!response.headersSent) response.setHeader('connection', 'close');
        }
      }
      const cut = setTimeout(() => {
        for (const socket of connections.keys()) socket.destroy();
      }, graceMs);
      await closed;
      clearTimeout(cut);
    },
  };
}

/** Answers with a JSON value. */
export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  if (response.headersSent || response.destroyed) return;
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
  });
  response.end(text);
}

const DEFAULT_LIMITS: HttpLimits = {
  headersTimeoutMs: 15_000,
  arrivalTimeoutMs: 45_000,
  idleTimeoutMs: 60_000,
  deadlineMs: 30_000,
};
// Longer than that of usual load balancers and clients, so that they close first and never race us.
const KEEP_ALIVE_MS = 65_000;

type MatchedRoute = { name: string; handler: Handler; deadline: boolean };

async function serve({
  request,
  response,
  route,
  limits,
  options,
}: {
  request: IncomingMessage;
  response: ServerResponse;
  route: MatchedRoute | HttpError;
  limits: HttpLimits;
  options: HttpServerOptions;
}): Promise<void> {
  const { log, metrics, cors, acceptsDeadline = false } = options;
  const stopTimer = metrics.httpSeconds.startTimer();
  const name = route instanceof HttpError ? 'none' : route.name;
  response.once('close', () => {
    const { httpStatus: left } = ERROR_CODES.REQUEST_CANCELED;
    stopTimer({ route: name, status: String(response.headersSent ? response.statusCode : left) });
  });
  const deadlineMs =
    route instanceof HttpError || route.deadline ? limits.deadlineMs : Number.POSITIVE_INFINITY;
  const { scope, aborted } = openScope({ request, response, deadlineMs, acceptsDeadline });
  await runInRequest(scope, async () => {
    try {
      if (cors && applyCors(request, response, cors)) return;
      if (route instanceof HttpError) throw route;
      await Promise.race([route.handler(request, response), aborted]);
    } catch (error) {
      refuse(response, error, { log, requestId: scope.requestId, route: name });
    }
  });
}

function refuse(
  response: ServerResponse,
  error: unknown,
  { log, requestId, route }: { log: Logger; requestId: string; route: string },
): void {
  const { status, error: shown, ours } = answerOf(error);
  if (ours) log.error({ err: error, route }, 'request failed');
  // Nothing honest can follow a half-sent answer.
  if (response.headersSent) return void response.destroy();
  if (error instanceof HttpError && error.closes) response.setHeader('connection', 'close');
  const extensions = { ...shown.extensions, requestId };
  sendJson(response, status, { errors: [{ message: shown.message, extensions }] });
}

function compileRoutes(routes: Readonly<Record<string, Route>>) {
  const exact = new Map<string, Map<string, MatchedRoute>>();
  const prefixes: [string, Map<string, MatchedRoute>][] = [];
  for (const [key, route] of Object.entries(routes)) {
    const [, method = '*', path = '/'] = /^(?:([A-Z]+) )?(\S+)$/.exec(key) ?? [];
    const matched: MatchedRoute =
      typeof route === 'function'
        ? { name: path, handler: route, deadline: true }
        : { name: path, ...route };
    const byMethod = exact.get(path) ?? new Map<string, MatchedRoute>();
    byMethod.set(method, matched);
    if (method === 'GET') byMethod.set('HEAD', matched);
    if (!exact.has(path) && path.endsWith('/*')) prefixes.push([path.slice(0, -1), byMethod]);
    exact.set(path, byMethod);
  }
  return ({ method = 'GET', url = '/' }: IncomingMessage): MatchedRoute | HttpError => {
    const path = url.split('?', 1)[0] ?? '/';
    const byMethod = exact.get(path) ?? prefixes.find(([prefix]) => path.startsWith(prefix))?.[1];
    if (!byMethod) return new HttpError(404, 'There is nothing here', { code: 'NOT_FOUND' });
    return (
      byMethod.get(method) ??
      byMethod.get('*') ??
      new HttpError(405, `${[...byMethod.keys()].join(', ')} only`)
    );
  };
}

/** Node could not parse the request or lost patience with it; there is no response object. */
function refuseUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const [status, message] = UNREADABLE[error.code ?? ''] ?? ['400 Bad Request', 'Not HTTP'];
  const body = JSON.stringify({ errors: [{ message, extensions: { code: 'BAD_REQUEST' } }] });
  // The other side may never end its half.
  socket.once('finish', () => socket.destroy());
  socket.end(
    `HTTP/1.1 ${status}\r\ncontent-type: application/json; charset=utf-8\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}

const UNREADABLE: Readonly<Record<string, [string, string]>> = {
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'The headers are too large'],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'The request took too long to arrive'],
};

function listen(node: Server, port: number, host: string): Promise<{ port: number; url: string }> {
  return new Promise((resolve, reject) => {
    node.once('error', reject);
    node.listen(port, host, () => {
      node.off('error', reject);
      const { port: actualPort } = node.address() as AddressInfo;
      const name = host.includes(':') ? `[${host}]` : host;
      resolve({ port: actualPort, url: `http://${name}:${actualPort}` });
    });
  });
}
