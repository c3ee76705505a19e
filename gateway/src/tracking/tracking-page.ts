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
      if (!tracking) response.setHeader('retry-after', RETRY_AFTER_SECONDS);
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

// The page says so in words: "in a minute".
const RETRY_AFTER_SECONDS = 60;

const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-robots-tag': 'noindex',
};

/** What cannot be a token is one that nobody has: nothing else of a URL reaches a subgraph. */
function tokenIn({ url = '' }: IncomingMessage): string {
  const [path = ''] = url.split('?');
  const token = path.slice('/track/'.length);
  return /^[\w-]{1,200}$/.test(token) ? token : '';
}
