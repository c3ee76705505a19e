import type { Logger } from '@quantumroute/ops/log';

const PATIENCE_MS = 2_000;

/**
 * Does a piece of work again and again until it is stopped: at once while there is more of it, else
 * after `everyMs`. A failure is logged and costs a longer pause, nothing else.
 */
export function repeat(
  work: () => Promise<'more' | 'done'>,
  { name, everyMs, log }: { name: string; everyMs: number; log: Logger },
): { stop(): Promise<void> } {
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  let turn: Promise<void> = Promise.resolve();
  const next = () => {
    turn = once(work, { name, log }).then((outcome) => {
      const delayMs = { more: 0, done: everyMs, failed: Math.max(everyMs, PATIENCE_MS) }[outcome];
      if (!isStopped) timer = setTimeout(next, delayMs);
    });
  };
  next();
  return {
    stop: async () => {
      isStopped = true;
      clearTimeout(timer);
      await turn;
    },
  };
}

async function once(
  work: () => Promise<'more' | 'done'>,
  { name, log }: { name: string; log: Logger },
): Promise<'more' | 'done' | 'failed'> {
  try {
    return await work();
  } catch (error) {
    log.warn({ err: error, work: name }, 'work on facts failed and is tried again');
    return 'failed';
  }
}
