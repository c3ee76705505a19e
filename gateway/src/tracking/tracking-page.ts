import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Route } from '@quantumroute/ops/http';
import type { FormattedExecutionResult } from 'graphql';
import type { OperationRequest } from '../subscriptions/open-operation.ts';
import { renderTracking } from './render-tracking.ts';
import type { Tracking } from './render-tracking.ts';

/** Runs an operation for a caller without credentials, through all that a client's goes through. */
export type RunAnonymously = (request: OperationRequest) => Promise<FormattedExecutionResult>;

/**
 * `GET /track/<token>`: where `Order.trackingUrl` leads. A page without scripts for whoever expects
 * a delivery; `query` is the registered operation behind it.
 */
export function createTrackingPage({
  query,
  run,
}: {
  query: string;
  run: RunAnonymously;
}): Readonly<Record<string, Route>> {
  return {
    async 'GET /track/*'(request: IncomingMessage, response: ServerResponse) {
      const { data } = await run({ query, variables: { token: tokenIn(request) } });
      const tracking = (data as { track: Tracking } | null | undefined)?.track ?? null;
      response.writeHead(STATUS_OF[tracking?.__typename ?? 'Unavailable'], HEADERS);
      response.end(renderTracking(tracking));
    },
  };
}

const STATUS_OF = {
  TrackedDelivery: 200,
  TrackingExpired: 410,
  TrackingNotFound: 404,
  Unavailable: 503,
} as const;

const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-robots-tag': 'noindex',
};

/** A token that cannot be decoded is one that nobody has. */
function tokenIn({ url = '' }: IncomingMessage): string {
  const [path = ''] = url.split('?');
  try {
    return decodeURIComponent(path.slice('/track/'.length));
  } catch {
    return '';
  }
}
