import { TRACE_HEADER, endSpan, startSpan, traceHeaderOf } from '@quantumroute/ops/tracing';
import type { Span } from '@quantumroute/ops/tracing';
import type { ByteText } from '../byte-text.ts';
import type { Attempt, CircuitBreaker } from './circuit-breaker.ts';
import type { FetchMetrics, FetchOutcome } from './fetch-metrics.ts';
import type { Exchange, SubgraphConnections, UpstreamAnswer } from './subgraph-connections.ts';
import { UpstreamError } from './upstream-error.ts';

/** What all fetches from one subgraph have in common. */
export type AttemptParts = {
  subgraph: string;
  connections: SubgraphConnections;
  breaker: CircuitBreaker;
  metrics: FetchMetrics;
};

type Request = { body: ByteText; headers: Record<string, string> };

/**
 * Sends a fetch once, unless the subgraph is left alone now; how it ends is told to the breaker and
 * to the metrics. Throws what can be told at once.
 */
export function attemptFetch(parts: AttemptParts, request: Request): Exchange {
  const { breaker, connections, metrics } = parts;
  const attempt = breaker.admit();
  if (!attempt) {
    metrics.ended('resting', { milliseconds: 0, answerBytes: 0 });
    throw new UpstreamError('resting', { message: 'It failed too often and is left alone' });
  }
  const startedAt = performance.now();
  const span = startSpan(`fetch ${parts.subgraph}`, { 'quantumroute.subgraph': parts.subgraph });
  const end = (outcome: FetchOutcome, answerBytes: number): void => {
    endSpan(span, outcome === 'answered' ? undefined : outcome);
    attempt.end(VERDICTS[outcome]);
    metrics.ended(outcome, { milliseconds: performance.now() - startedAt, answerBytes });
  };
  try {
    const exchange = connections.send(span ? withTrace(request, span) : request);
    metrics.sent(request.body.length);
    exchange.answer.then(
      (answer) => end(isSound(answer) ? 'answered' : 'not an answer', answer.text.length),
      (error: UpstreamError) => end(error.fault, 0),
    );
    return exchange;
  } catch (error) {
    end(error instanceof UpstreamError ? error.fault : 'unreachable', 0);
    throw error;
  }
}

function withTrace(request: Request, span: Span): Request {
  const headers = { ...request.headers, [TRACE_HEADER]: traceHeaderOf(span) };
  return { ...request, headers };
}

/** What the end of a fetch says about the subgraph. */
const VERDICTS: Readonly<Record<FetchOutcome, Parameters<Attempt['end']>[0]>> = {
  answered: 'answered',
  unreachable: 'failed',
  timeout: 'failed',
  'too large': 'failed',
  'not an answer': 'failed',
  canceled: 'given up',
  overloaded: 'given up',
  resting: 'given up',
};

/** Whether it can be a GraphQL result, as far as can be told without reading it. */
function isSound({ status, text }: UpstreamAnswer): boolean {
  const isRedirect = status >= 300 && status < 400;
  const isRefusal = status === 401 || status === 403;
  return status < 500 && !isRedirect && !isRefusal && /^\s*\{/.test(text) && /\}\s*$/.test(text);
}
