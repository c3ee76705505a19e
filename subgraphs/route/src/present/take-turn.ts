import { setImmediate as yieldToOthers } from 'node:timers/promises';

import { failure } from '@quantumroute/ops/failures';

/** From its start a request may compute for so long. */
export const MAX_COMPUTING_MS = 2_000;

/**
 * Before each piece of long computing: lets other requests have the thread, and ends this one when
 * its caller is gone or its time is up.
 *
 * @throws DEADLINE_EXCEEDED with `message`, which says how to ask for less.
 */
export async function takeTurn(
  { nowMs, signal }: { nowMs: number; signal: AbortSignal },
  message: string,
): Promise<void> {
  await yieldToOthers();
  signal.throwIfAborted();
  if (Date.now() - nowMs > MAX_COMPUTING_MS) throw failure('DEADLINE_EXCEEDED', message);
}
