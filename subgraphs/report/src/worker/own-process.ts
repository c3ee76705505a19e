import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import type { Logger } from '@quantumroute/ops/log';

import type { Fence } from '../storage/fence.ts';
import type { Outcome } from './attempt.ts';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
const PATIENCE_MS = 1_000;

/** Megabytes of new objects: with the 16 of Node, an export has 60 MB more at its peak. */
export const ATTEMPT_FLAGS = ['--max-semi-space-size=4'];

/**
 * Carries one claimed attempt out in a child process, whose end, however violent, is only noted. The
 * child ends by itself when we do, because it hears the channel between us close.
 */
export async function runInOwnProcess(
  { reportId, attempt }: Fence,
  {
    signal,
    log,
    traceHeader = '',
  }: {
    signal: AbortSignal;
    log: Logger;
    /** Of the span that this attempt belongs to. */
    traceHeader?: string | undefined;
  },
): Promise<Outcome> {
  const child = fork(MAIN, ['attempt', reportId, String(attempt), traceHeader], {
    stdio: 'inherit',
    execArgv: [...process.execArgv, ...ATTEMPT_FLAGS],
  });
  let killed: NodeJS.Timeout | undefined;
  const stop = () => {
    child.kill('SIGTERM');
    killed = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
  };
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  let outcome: Outcome = 'lost';
  child.once('message', (told: Outcome) => (outcome = told));
  try {
    // What the child has told arrives before its channel closes, but maybe after its exit.
    const [[code, killedBy]] = await Promise.all([once(child, 'exit'), once(child, 'disconnect')]);
    if (code === 0) return outcome;
    log.warn({ reportId, attempt, code, killedBy }, 'an attempt in its own process was lost');
    return 'lost';
  } finally {
    clearTimeout(killed);
    signal.removeEventListener('abort', stop);
  }
}
