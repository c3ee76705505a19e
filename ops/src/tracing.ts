import type { IncomingMessage } from 'node:http';
import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  isSpanContextValid,
  trace,
} from '@opentelemetry/api';
import type { Attributes, Context, Span, SpanOptions, Tracer } from '@opentelemetry/api';
import { currentRequest } from './request.ts';

export type { Span } from '@opentelemetry/api';

/** The settings of tracing, which are among `commonSettings`. */
export type TracingConfig = {
  OTEL_EXPORTER_OTLP_ENDPOINT?: string | undefined;
  OTEL_TRACES_SAMPLER_ARG: number;
};

/**
 * Starts to trace this process where an endpoint is set, and gives what sends the last spans and
 * ends it. At the `edge` a caller's trace goes on, but whether it is recorded is decided here.
 * Nothing is loaded without an endpoint, and nothing is registered globally: @apollo/gateway would
 * add spans of its own, which belong to no request.
 */
export async function startTracing({
  service,
  config,
  edge = false,
}: {
  service: string;
  config: TracingConfig;
  edge?: boolean;
}): Promise<() => Promise<void>> {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_TRACES_SAMPLER_ARG: ratio } = config;
  if (endpoint === undefined) return async () => undefined;
  const { openProvider } = await import('./tracing-provider.ts');
  const provider = openProvider({ service, endpoint, ratio, edge });
  tracer = provider.getTracer('quantumroute');
  return async () => {
    tracer = null;
    await provider.shutdown();
  };
}

/** The span of a request that has come in, within its caller's; undefined while nothing is traced. */
export function startRequestSpan(
  request: Pick<IncomingMessage, 'method' | 'headers'>,
  route: string,
): Span | undefined {
  if (!tracer || UNTRACED.has(route)) return undefined;
  const { method = 'GET', headers } = request;
  return tracer.startSpan(
    `${method} ${route}`,
    {
      kind: SpanKind.SERVER,
      attributes: { 'http.request.method': method, 'http.route': route },
    },
    contextOf(headers[TRACE_HEADER]),
  );
}

/**
 * The span of work that no request of this process waits for, such as an event that is passed on:
 * within the trace whose header is given, else one of its own. Undefined while nothing is traced.
 */
export function startWorkSpan(
  name: string,
  { attributes = {}, header }: { attributes?: Attributes; header?: string | undefined } = {},
): Span | undefined {
  return tracer?.startSpan(name, { kind: SpanKind.CONSUMER, attributes }, contextOf(header));
}

/** A span of a call to somebody else, within the current request's; undefined outside of one, and
 * while nothing is traced. */
export function startSpan(name: string, attributes: Attributes = {}): Span | undefined {
  return startWithin(name, { kind: SpanKind.CLIENT, attributes });
}

/** A span of work of our own, as `startSpan`. */
export function startPartSpan(name: string): Span | undefined {
  return startWithin(name, { kind: SpanKind.INTERNAL });
}

/** Does work of our own in a span within the current request's. */
export function inSpan<T>(name: string, work: () => T): T {
  const span = startPartSpan(name);
  try {
    return work();
  } finally {
    span?.end();
  }
}

function startWithin(name: string, options: SpanOptions): Span | undefined {
  const parent = tracer && currentRequest()?.span;
  if (!tracer || !parent) return undefined;
  return tracer.startSpan(name, options, trace.setSpan(ROOT_CONTEXT, parent));
}

/** Ends a span, as failed when there is something to say about it. */
export function endSpan(span: Span | undefined, failure?: string): void {
  if (failure !== undefined) span?.setStatus({ code: SpanStatusCode.ERROR, message: failure });
  span?.end();
}

/** Ends the span of a request that was answered with `status`. */
export function endRequestSpan(span: Span, status: number): void {
  span.setAttribute('http.response.status_code', status);
  endSpan(span, status >= 500 ? `Status ${status}` : undefined);
}

/** Carries a trace to the next service, as W3C has it. */
export const TRACE_HEADER = 'traceparent';

/** The value of that header for what is done within `span`. */
export function traceHeaderOf(span: Span): string {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
}

// Asked by machines all the time.
const UNTRACED = new Set(['/health/live', '/health/ready', '/metrics']);

let tracer: Tracer | null = null;

function contextOf(header: string | string[] | undefined): Context {
  if (typeof header !== 'string') return ROOT_CONTEXT;
  const match = /^00-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})$/.exec(header);
  if (!match) return ROOT_CONTEXT;
  const [, traceId = '', spanId = '', flags = '00'] = match;
  const traceFlags = Number.parseInt(flags, 16) & TraceFlags.SAMPLED;
  const spanContext = { traceId, spanId, traceFlags, isRemote: true };
  return isSpanContextValid(spanContext)
    ? trace.setSpanContext(ROOT_CONTEXT, spanContext)
    : ROOT_CONTEXT;
}
