import { pipeline } from 'node:stream/promises';
import { failure } from '@quantumroute/ops/failures';
import type { Handler } from '@quantumroute/ops/http';
import type { Logger } from '@quantumroute/ops/log';
import { currentRequest } from '@quantumroute/ops/request';
import { Agent } from 'undici';
import type { Dispatcher } from 'undici';

/** Passes downloads through from one service. */
export type Downloads = { handler: Handler; close(): Promise<void> };

/**
 * `GET /downloads/*` streamed from the service at `originNow()`, as fast as the client reads. The
 * link itself is signed: nothing of the caller is passed on. The service must begin to answer within
 * `answerMs`, and then keep sending.
 */
export function createDownloads({
  originNow,
  answerMs,
  log,
}: {
  /** Asked for each download. */
  originNow: () => string;
  answerMs: number;
  log: Logger;
}): Downloads {
  const agent = new Agent({
    connections: MOST_DOWNLOADS,
    headersTimeout: answerMs,
    bodyTimeout: IDLE_TIMEOUT_MS,
    connect: { timeout: answerMs },
  });
  return {
    async handler(request, response) {
      const scope = currentRequest();
      const answer = await agent
        .request({
          origin: originNow(),
          path: request.url ?? '/',
          method: request.method === 'HEAD' ? 'HEAD' : 'GET',
          headers: {
            ...picked(request.headers, REQUEST_HEADERS),
            ...(scope ? { 'x-request-id': scope.requestId } : {}),
          },
          ...(scope ? { signal: scope.signal } : {}),
        })
        .catch((error: unknown) => {
          log.warn({ err: error }, 'download service gave no answer');
          const message = 'Downloads are not possible now; try again soon';
          throw failure('SERVICE_UNAVAILABLE', message, { retryAfterSeconds: 1 });
        });
      response.writeHead(answer.statusCode, picked(answer.headers, ANSWER_HEADERS));
      // A client that leaves ends the stream: nobody is to be told.
      await pipeline(answer.body, response).catch((error: unknown) =>
        log.info({ err: error }, 'download ended early'),
      );
    },
    close: () => agent.destroy(),
  };
}

const MOST_DOWNLOADS = 64;
const IDLE_TIMEOUT_MS = 30_000;

const REQUEST_HEADERS = ['accept', 'range', 'if-none-match', 'if-modified-since'];
const ANSWER_HEADERS = [
  'accept-ranges',
  'cache-control',
  'content-disposition',
  'content-length',
  'content-range',
  'content-security-policy',
  'content-type',
  'etag',
  'last-modified',
  'referrer-policy',
  'retry-after',
  'x-content-type-options',
];

function picked(
  headers: Dispatcher.ResponseData['headers'],
  names: readonly string[],
): Record<string, string | string[]> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = headers[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
