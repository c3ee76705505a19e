import type { IncomingMessage, ServerResponse } from 'node:http';
import { REQUEST_ID_HEADER, requestIdOf } from '@quantumroute/ops/http-scope';
import type { Sendable } from '../byte-text.ts';

/** A whole answer, for one client or for several. `headers` are names and values by turns. */
export type FinishedAnswer = { status: number; headers: readonly string[]; body: Sendable };

/** The headers of an answer of GraphQL, but for its length. */
export function answerHeaders(contentType: string, serverTiming: string | null): string[] {
  const headers = ['cache-control', 'no-store', 'content-type', contentType];
  return serverTiming === null ? headers : [...headers, 'server-timing', serverTiming];
}

/** Sends it to a client, with the id of his own request. */
export function sendAnswer(
  { request, response }: { request: IncomingMessage; response: ServerResponse },
  { status, headers, body }: FinishedAnswer,
): void {
  if (response.destroyed || response.headersSent) return;
  const length = String(body.length);
  const own = [REQUEST_ID_HEADER, requestIdOf(request), 'content-length', length];
  response.writeHead(status, [...own, ...headers]);
  if (typeof body === 'string') response.end(body, 'latin1');
  else response.end(body);
}
