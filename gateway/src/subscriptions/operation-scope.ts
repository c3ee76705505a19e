import { randomUUID } from 'node:crypto';
import { failure } from '@quantumroute/ops/failures';
import { newRequestScope } from '@quantumroute/ops/request';
import type { RequestScope } from '@quantumroute/ops/request';

/**
 * The scope of one operation, or one event, of a client who stays. Its signal follows `signal`, or
 * aborts after `deadlineMs`, until it is disposed of.
 *
 * Not by `AbortSignal.any`: signals that it makes of signals that it made are remembered by the
 * oldest of them, which is here that of a socket, for as long as that lives.
 */
export function operationScope({
  signal,
  deadlineMs,
}: {
  signal: AbortSignal;
  deadlineMs: number;
}): Disposable & { scope: RequestScope } {
  const own = new AbortController();
  const follow = (): void => own.abort(signal.reason);
  const late = failure('DEADLINE_EXCEEDED', 'The answer took longer than the deadline');
  const deadline = setTimeout(() => own.abort(late), deadlineMs);
  signal.addEventListener('abort', follow, { once: true });
  if (signal.aborted) follow();
  return {
    scope: newRequestScope({
      requestId: randomUUID(),
      signal: own.signal,
      deadlineAt: Date.now() + deadlineMs,
    }),
    [Symbol.dispose]() {
      clearTimeout(deadline);
      signal.removeEventListener('abort', follow);
    },
  };
}
