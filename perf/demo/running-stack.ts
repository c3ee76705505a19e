import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { urlsOf } from '@quantumroute/ops/local/services';

/** The gateway that the demo talks to: a running one, or one that is started and stopped with it. */
export async function gatewayForDemo(
  signal: AbortSignal,
): Promise<AsyncDisposable & { url: string }> {
  const url = urlsOf(process.env).gateway;
  if (await isReady(url)) return { url, [Symbol.asyncDispose]: async () => {} };
  process.stdout.write('No running stack found: starting one (as npm start does) …\n');
  const stack = startStack();
  await untilWelcome(stack, signal);
  return { url, [Symbol.asyncDispose]: () => stopStack(stack) };
}

const START_TIMEOUT_MS = 240_000;
const STOP_TIMEOUT_MS = 20_000;

async function isReady(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(1_000) });
    return response.ok;
  } catch {
    return false;
  }
}

function startStack(): ChildProcess {
  const program = fileURLToPath(new URL('../../ops/local/start.ts', import.meta.url));
  return spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** Shows the stack's progress up to its welcome, which comes when the demo data is loaded too. */
async function untilWelcome(stack: ChildProcess, signal: AbortSignal): Promise<void> {
  const deadline = AbortSignal.timeout(START_TIMEOUT_MS);
  let welcomed = false;
  stack.stdout?.on('data', (text: Buffer) => {
    welcomed ||= text.includes('quantumroute runs');
    if (!welcomed) process.stdout.write(text);
  });
  while (!welcomed) {
    if (stack.exitCode !== null) throw new Error('the stack did not start: see the lines above');
    if (deadline.aborted || signal.aborted) {
      await stopStack(stack);
      signal.throwIfAborted();
      throw new Error(`the stack was not ready within ${START_TIMEOUT_MS / 1000} s`);
    }
    await sleep(100);
  }
}

async function stopStack(stack: ChildProcess): Promise<void> {
  if (stack.exitCode !== null) return;
  const gone = once(stack, 'exit');
  stack.kill('SIGINT');
  await Promise.race([gone, sleep(STOP_TIMEOUT_MS, undefined, { ref: false })]);
}
