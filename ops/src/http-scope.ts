import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { failure } from './failures.ts';
import { newRequestScope } from './request.ts';
import type { RequestScope } from './request.ts';

/** Carries the id of a request from the client to the subgraphs and back. */
export const REQUEST_ID_HEADER = 'x-request-id';
/** Carries the milliseconds that are left from the gateway to a subgraph. */
export const DEADLINE_HEADER = 'x-quantumroute-deadline-ms';

/** A scope within its time, to be ended when its request has. */
export type TimedScope = {
  scope: RequestScope;
  /** Rejects a moment after the signal has aborted, for handlers that did not listen to it. */
  aborted: Promise<never>;
  end(how: 'answered' | 'left'): void;
};

/**
 * The scope of an HTTP request. Its signal aborts when the client leaves (REQUEST_CANCELED) or the
 * deadline passes (DEADLINE_EXCEEDED).
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
}): TimedScope {
  const requestId = requestIdOf(request);
  response.setHeader(REQUEST_ID_HEADER, requestId);
  const allowedMs = acceptsDeadline ? allowedMsOf(request, deadlineMs) : deadlineMs;
  const timed = timedScope({ requestId, allowedMs });
  response.on('close', () => timed.end(response.writableFinished ? 'answered' : 'left'));
  return timed;
}

/** The scope of a request that is nobody's HTTP request; see `openScope`. */
export function timedScope({
  requestId,
  allowedMs,
}: {
  requestId: string;
  allowedMs: number;
}): TimedScope {
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
  const deadlineAt = Date.now() + allowedMs;
  return {
    scope: newRequestScope({ requestId, signal: controller.signal, deadlineAt }),
    aborted: aborted.promise,
    end(how) {
      for (const timer of timers) clearTimeout(timer);
      if (how === 'answered') return;
      const reason = failure('REQUEST_CANCELED', 'The caller left');
      controller.abort(reason);
      aborted.reject(reason);
    },
  };
}

// Time for a handler to answer in its own words once its signal has aborted.
const LISTENING_GRACE_MS = 250;

type Headers = Pick<IncomingMessage, 'headers'>;

/** The id that a caller gave a request, or a new one. */
export function requestIdOf({ headers }: Headers): string {
  const given = headers[REQUEST_ID_HEADER];
  return typeof given === 'string' && /^[\w.:-]{1,128}$/.test(given) ? given : randomUUID();
}

/** The time for a request whose caller may have less than `deadlineMs`. */
export function allowedMsOf({ headers }: Headers, deadlineMs: number): number {
  const given = headers[DEADLINE_HEADER];
  const isGiven = typeof given === 'string' && /^\d{1,7}$/.test(given);
  return isGiven ? Math.min(deadlineMs, Number(given)) : deadlineMs;
}
