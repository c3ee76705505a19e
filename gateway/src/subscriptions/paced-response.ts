import type { ServerResponse } from 'node:http';
import type { Framing } from './framing.ts';

/** A response that stays open, written as fast as its client reads. */
export type PacedResponse = {
  /** Resolves when there is room for more, or nobody is there any more. */
  write(text: string): Promise<void>;
  end(text?: string): void;
};

/** How long a stream may be silent, and its client may read nothing. */
export type Pace = { heartbeatMs: number; patienceMs: number };

/**
 * Sends the headers and a heartbeat from time to time. A client that reads nothing of what it was
 * sent for `patienceMs` is cut off.
 */
export function openPacedResponse(
  response: ServerResponse,
  { framing, pace }: { framing: Framing; pace: Pace },
): PacedResponse {
  let patience: NodeJS.Timeout | undefined;
  let waiting: (() => void)[] = [];
  const goOn = (): void => {
    clearTimeout(patience);
    patience = undefined;
    for (const resolve of waiting) resolve();
    waiting = [];
  };
  const push = (text: string): boolean => {
    if (response.destroyed || response.writableEnded || response.write(text)) return true;
    patience ??= setTimeout(() => response.destroy(), pace.patienceMs);
    return false;
  };
  response.writeHead(200, {
    'content-type': framing.contentType,
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
  });
  const heartbeat = setInterval(() => push(framing.heartbeat), pace.heartbeatMs);
  response.on('drain', goOn);
  response.once('close', () => {
    clearInterval(heartbeat);
    goOn();
  });
  push(framing.opening);
  return {
    write: (text) =>
      push(text) ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve)),
    end: (text) => {
      clearInterval(heartbeat);
      if (response.destroyed || response.writableEnded) return;
      patience ??= setTimeout(() => response.destroy(), pace.patienceMs);
      response.end(text);
    },
  };
}
