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
  // The few series that there are by route and status, so that none is looked up again.
  const all = new Map<string, Map<number, { observe(seconds: number): void }>>();
  const seriesOf = (route: string, status: number) => {
    const known = all.get(route)?.get(status);
    if (known) return known;
    const series = httpSeconds.labels({ route, status: String(status) });
    all.set(route, new Map(all.get(route)).set(status, series));
    return series;
  };
  return (request, route) => {
    const startedAt = performance.now();
    const span = startRequestSpan(request, route);
    return {
      span,
      end(status) {
        seriesOf(route, status).observe((performance.now() - startedAt) / 1000);
        if (span) endRequestSpan(span, status);
      },
    };
  };
}
