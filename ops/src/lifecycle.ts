import process from 'node:process';
import { ConfigError } from './config.ts';
import type { Logger } from './log.ts';

/**
 * Runs a service: `start` opens its parts in order and puts each on the stack; SIGTERM, SIGINT or
 * the end of a parent process that holds an IPC channel close them in reverse order. The process
 * exits with 0 then, and with 1 when the start fails or closing takes longer than `graceMs`.
 */
export async function runService({
  name,
  log,
  start,
  graceMs = 15_000,
}: {
  name: string;
  log: Logger;
  start: (stack: AsyncDisposableStack) => Promise<void>;
  graceMs?: number;
}): Promise<void> {
  const stack = new AsyncDisposableStack();
  const stopping = stopRequest();
  try {
    await Promise.race([start(stack), stopping]);
  } catch (error) {
    reportFailedStart(name, log, error);
    await closeInTime(stack, { log, graceMs });
    return process.exit(1);
  }
  const reason = await stopping;
  log.info({ reason }, `${name} is stopping`);
  const clean = await closeInTime(stack, { log, graceMs });
  log.info(`${name} has stopped`);
  process.exit(clean ? 0 : 1);
}

/**
 * Runs a command that ends by itself, such as a migration. A failure is one clear line and exit code
 * 1; a parent process is let go, so that it learns the end.
 */
export async function runOnce({ log, run }: { log: Logger; run: () => unknown }): Promise<void> {
  try {
    await run();
  } catch (error) {
    log.debug({ err: error }, 'the command failed');
    log.fatal(messageOf(error));
    process.exitCode = 1;
    if (process.connected) process.disconnect();
  }
}

/** Resolves with the reason when someone wants the process to end. A second signal ends it at once. */
function stopRequest(): Promise<string> {
  return new Promise((resolve) => {
    let asked = false;
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.on(signal, () => {
        if (asked) process.exit(1);
        asked = true;
        resolve(signal);
      });
    }
    // The supervisor died without a signal; without it nobody would ever stop us.
    process.on('disconnect', () => resolve('parent process is gone'));
  });
}

function reportFailedStart(name: string, log: Logger, error: unknown): void {
  if (error instanceof ConfigError) log.fatal({ problems: error.problems }, error.message);
  else log.fatal({ err: error }, `${name} could not start: ${messageOf(error)}`);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function closeInTime(
  stack: AsyncDisposableStack,
  { log, graceMs }: { log: Logger; graceMs: number },
): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), graceMs);
  });
  try {
    const outcome = await Promise.race([stack.disposeAsync(), tooLate]);
    if (outcome === 'late') log.error({ graceMs }, 'not closed in time');
    return outcome !== 'late';
  } catch (error) {
    log.error({ err: error }, 'not closed cleanly');
    return false;
  } finally {
    clearTimeout(timer);
  }
}
