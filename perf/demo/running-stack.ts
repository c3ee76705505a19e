import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { urlsOf } from '@quantumroute/ops/local/services';

/** The gateway that the demo talks to: a running one, or one that is started and stopped with it. */
export async function gatewayForDemo(): Promise<AsyncDisposable & { url: string }> {
  const url = urlsOf(process.env).gateway;
  if (await isReady(url)) return { url, [Symbol.asyncDispose]: async () => {} };
  process.stdout.write('No running stack found: starting one (as npm start does) …\n');
  const stack = startStack();
  await untilReady(url, stack);
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

/** Shows the stack's progress lines, up to the first one after it is ready. */
async function untilReady(url: string, stack: ChildProcess): Promise<void> {
  stack.stdout?.on('data', (text: Buffer) => {
    if (!ready) process.stdout.write(text);
  });
  let ready = false;
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline) {
    if (stack.exitCode !== null) throw new Error('the stack did not start: see the lines above');
    ready = await isReady(url);
    if (ready) return;
    await sleep(200);
  }
  await stopStack(stack);
  throw new Error(`the stack was not ready within ${START_TIMEOUT_MS / 1000} s`);
}

async function stopStack(stack: ChildProcess): Promise<void> {
  if (stack.exitCode !== null) return;
  const gone = once(stack, 'exit');
  stack.kill('SIGINT');
  await Promise.race([gone, sleep(STOP_TIMEOUT_MS, undefined, { ref: false })]);
}
