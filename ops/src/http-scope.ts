import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { failure } from './failures.ts';
import { newRequestScope } from './request.ts';
import type { RequestScope } from './request.ts';

/** Carries the id of a request from the client to the subgraphs and back. */
export const REQUEST_ID_HEADER = 'x-request-id';
/** Carries the milliseconds that are left from the gateway to a subgraph. */
export const DEADLINE_HEADER = 'x-quantumroute-deadline-ms';

/**
 * The scope of an HTTP request. Its signal aborts when the client leaves (REQUEST_CANCELED) or the
 * deadline passes (DEADLINE_EXCEEDED); `aborted` rejects a moment later, for handlers that did not
 * listen to it.
 */
export function openScope({
  request,
  response,
  deadlineMs,
  acceptsDeadline,
}: {
  request: IncomingMessage;
  response: ServerResponse;
  deadlineMs: number;
  acceptsDeadline: boolean;
}): { scope: RequestScope; aborted: Promise<never> } {
  const requestId = requestIdOf(request);
  response.setHeader(REQUEST_ID_HEADER, requestId);
  const allowedMs = acceptsDeadline
    ? Math.min(deadlineMs, remainingMs(request) ?? deadlineMs)
    : deadlineMs;
  const controller = new AbortController();
  const aborted = Promise.withResolvers<never>();
  // Nobody may be racing against it any more.
  aborted.promise.catch(() => undefined);
  const timers: NodeJS.Timeout[] = [];
  if (Number.isFinite(allowedMs)) {
    timers.push(
      setTimeout(() => {
        const reason = failure('DEADLINE_EXCEEDED', 'The answer took longer than the deadline');
        controller.abort(reason);
        timers.push(setTimeout(() => aborted.reject(reason), LISTENING_GRACE_MS));
      }, allowedMs),
    );
  }
  response.once('close', () => {
    for (const timer of timers) clearTimeout(timer);
    if (response.writableFinished) return;
    const reason = failure('REQUEST_CANCELED', 'The caller left');
    controller.abort(reason);
    aborted.reject(reason);
  });
  const deadlineAt = Date.now() + allowedMs;
  return {
    scope: newRequestScope({ requestId, signal: controller.signal, deadlineAt }),
    aborted: aborted.promise,
  };
}

// Time for a handler to answer in its own words once its signal has aborted.
const LISTENING_GRACE_MS = 250;

/** The id that a caller gave a request, or a new one. */
export function requestIdOf(request: IncomingMessage): string {
  const given = request.headers[REQUEST_ID_HEADER];
  return typeof given === 'string' && /^[\w.:-]{1,128}$/.test(given) ? given : randomUUID();
}

function remainingMs(request: IncomingMessage): number | null {
  const given = request.headers[DEADLINE_HEADER];
  return typeof given === 'string' && /^\d{1,7}$/.test(given) ? Number(given) : null;
}
