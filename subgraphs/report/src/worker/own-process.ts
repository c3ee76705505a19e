import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import type { Logger } from '@quantumroute/ops/log';

import type { Fence } from '../storage/fence.ts';
import type { Outcome } from './attempt.ts';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
const PATIENCE_MS = 1_000;

/**
 * Carries one claimed attempt out in a child process, whose end, however violent, is only noted. The
 * child ends by itself when we do, because it hears the channel between us close.
 */
export async function runInOwnProcess(
  { reportId, attempt }: Fence,
  { signal, log }: { signal: AbortSignal; log: Logger },
): Promise<Outcome> {
  const child = fork(MAIN, ['attempt', reportId, String(attempt)], { stdio: 'inherit' });
  let killed: NodeJS.Timeout | undefined;
  const stop = () => {
    child.kill('SIGTERM');
    killed = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
  };
  signal.addEventListener('abort', stop, { once: true });
  try {
    const [code, killedBy] = await new Promise<[number | null, string | null]>(
      (resolve, reject) => {
        child.once('error', reject);
        child.once('exit', (exitCode, exitSignal) => resolve([exitCode, exitSignal]));
      },
    );
    if (code === 0) return 'succeeded';
    log.warn({ reportId, attempt, code, killedBy }, 'an attempt in its own process was lost');
    return 'lost';
  } finally {
    clearTimeout(killed);
    signal.removeEventListener('abort', stop);
  }
}
