import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { ERROR_CODES } from './failures.ts';
import { applyCors } from './http-cors.ts';
import type { CorsOptions } from './http-cors.ts';
import { HttpError, refusalOf } from './http-error.ts';
import { createListener } from './http-listener.ts';
import { createObserver } from './http-observer.ts';
import { compileRoutes } from './http-routes.ts';
import type { MatchedRoute, Route } from './http-routes.ts';
import { openScope, requestIdOf } from './http-scope.ts';
import type { Http2Limits } from './http2-sessions.ts';
import type { Logger } from './log.ts';
import type { Metrics } from './metrics.ts';
import { runInRequest } from './request.ts';
import type { TlsCertificate } from './tls-certificate.ts';
import type { Span } from './tracing.ts';

export type { Handler, Lane, OrdinaryWay, Route } from './http-routes.ts';

/** Limits of an HTTP server. Bodies have theirs in `http-body.ts`. */
export type HttpLimits = {
  /** Time for the headers of a request; default 15 s. */
  headersTimeoutMs: number;
  /** Time for a whole request to arrive; default 45 s. */
  arrivalTimeoutMs: number;
  /** Time in which nothing at all is read or written of a request, such as by a client who does not
   * read; default 60 s. */
  idleTimeoutMs: number;
  /** Time that a connection without requests is kept; default 65 s. */
  keepAliveMs: number;
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
  /** Serves TLS; closed with the server. Without it everything is plain text. */
  certificate?: TlsCertificate;
  /** Serves HTTP/2 beside HTTP/1.1: with TLS by ALPN, without by prior knowledge. */
  http2?: Partial<Http2Limits>;
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
  const observe = createObserver(options.metrics);
  const onRequest = (request: IncomingMessage, response: ServerResponse): (() => void) => {
    const route = routeFor(request);
    const { span, end } = observe(request, route instanceof HttpError ? 'none' : route.name);
    const served = { request, response, route, span, limits, options };
    if (route instanceof HttpError || !route.lane) void serve(served);
    else if (!options.cors || !applyCors(request, response, options.cors))
      route.lane(request, response, { span, serve: () => void serve(served) });
    const { httpStatus: left } = ERROR_CODES.REQUEST_CANCELED;
    return () => end(response.headersSent ? response.statusCode : left);
  };
  const listener = createListener({
    limits,
    certificate: options.certificate ?? null,
    http2: options.http2 ? { ...DEFAULT_HTTP2, ...options.http2 } : null,
    onRequest,
    onRefused: (response, why) =>
      refuse(response, why === 'late' ? late() : headersTooLarge(), {
        log: options.log,
        requestId: requestIdOf(response.req),
        route: 'none',
      }),
    onHttp2Sessions: (open) => options.metrics.http2Sessions.set(open),
  });
  return {
    node: listener.node,
    listen: listener.listen,
    async close({ graceMs = 10_000 } = {}) {
      options.certificate?.close();
      await listener.close(graceMs);
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
  // Longer than that of usual load balancers and clients, so that they close first and never race us.
  keepAliveMs: 65_000,
  deadlineMs: 30_000,
};
const DEFAULT_HTTP2: Http2Limits = { streams: 250, sessions: 10_000 };

async function serve({
  request,
  response,
  route,
  span,
  limits,
  options,
}: {
  request: IncomingMessage;
  response: ServerResponse;
  route: MatchedRoute | HttpError;
  span: Span | undefined;
  limits: HttpLimits;
  options: HttpServerOptions;
}): Promise<void> {
  const { log, cors, acceptsDeadline = false } = options;
  const name = route instanceof HttpError ? 'none' : route.name;
  const deadlineMs =
    route instanceof HttpError || route.deadline ? limits.deadlineMs : Number.POSITIVE_INFINITY;
  const { scope, aborted } = openScope({ request, response, deadlineMs, acceptsDeadline });
  if (span) scope.span = span;
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
  context: { log: Logger; requestId: string; route: string },
): void {
  const { status, headers, body } = refusalOf(error, context);
  // Nothing honest can follow a half-sent answer.
  if (response.headersSent) return void response.destroy();
  const closes = error instanceof HttpError && error.closes;
  // HTTP/2 ends the one request, and knows no such header.
  if (closes && response.req.httpVersionMajor === 1) response.setHeader('connection', 'close');
  for (const header of Object.entries(headers)) response.setHeader(...header);
  sendJson(response, status, body);
}

function late(): HttpError {
  return new HttpError(408, 'The request took too long to arrive');
}

function headersTooLarge(): HttpError {
  return new HttpError(431, 'The headers are too large');
}
