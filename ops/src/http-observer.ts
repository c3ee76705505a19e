import type { IncomingMessage } from 'node:http';
import type { Metrics } from './metrics.ts';
import { endRequestSpan, startRequestSpan } from './tracing.ts';
import type { Span } from './tracing.ts';

/** A request that is being measured. */
export type ObservedRequest = {
  /** Set while the request is traced. */
  span: Span | undefined;
  end(status: number): void;
};

/** Measures requests by their route: their time, and a span where something is traced. */
export function createObserver({
  httpSeconds,
}: Metrics): (
  request: Pick<IncomingMessage, 'method' | 'headers'>,
  route: string,
) => ObservedRequest {
  // The few series that there are, so that none is looked up again.
  const all = new Map<string, { observe(seconds: number): void }>();
  return (request, route) => {
    const startedAt = performance.now();
    const span = startRequestSpan(request, route);
    return {
      span,
      end(status) {
        const key = `${status} ${route}`;
        const series = all.get(key) ?? httpSeconds.labels({ route, status: String(status) });
        all.set(key, series);
        series.observe((performance.now() - startedAt) / 1000);
        if (span) endRequestSpan(span, status);
      },
    };
  };
}
