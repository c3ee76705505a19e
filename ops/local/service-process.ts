import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { get as getSecurely } from 'node:https';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { guardOfThisProcess } from './guard.ts';
import { inProject } from './project.ts';
import type { Service } from './services.ts';

/** One service's process, which may come and go. */
export type ServiceProcess = {
  readonly service: Service;
  pid(): number | undefined;
  /** Starts it and waits until it is ready; rejects with its last words when it ends instead. */
  start(): Promise<void>;
  /** As a crash: SIGKILL. It stays down until `start`. */
  kill(): Promise<void>;
  /** Asks it to finish (SIGTERM), and ends it after 10 seconds. */
  stop(): Promise<void>;
};

/** What the owner of a service wants to know. */
export type ServiceEvents = {
  onLine(line: string): void;
  /** It ended although nobody asked it to. */
  onCrash(ending: string): void;
};

/** Prepares a service's process; `env` is all it gets, beside `args`, and `url` its origin. */
export function serviceProcess({
  service,
  args = [],
  env,
  url,
  events,
}: {
  service: Service;
  args?: readonly string[];
  env: NodeJS.ProcessEnv;
  url: string;
  events: ServiceEvents;
}): ServiceProcess {
  let child: ChildProcess | undefined;
  let wanted = false;

  const end = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
    wanted = false;
    const running = child;
    if (!running || hasEnded(running)) return;
    const exited = new Promise<void>((resolve) => running.once('exit', () => resolve()));
    running.kill(signal);
    const impatience = setTimeout(() => running.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await exited;
    clearTimeout(impatience);
  };

  return {
    service,
    pid: () => (child && !hasEnded(child) ? child.pid : undefined),
    async start() {
      const started = launch({ service, args, env, events });
      child = started;
      wanted = true;
      let isReady = false;
      started.once('exit', (code, signal) => {
        if (isReady && wanted && child === started) events.onCrash(endingOf(code, signal));
      });
      try {
        await untilReady({ child: started, url, name: service.name });
        isReady = true;
      } catch (error) {
        await end('SIGKILL');
        throw error;
      }
    },
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  };
}

const STOP_TIMEOUT_MS = 10_000;
const START_TIMEOUT_MS = 60_000;

/** A session of its own (`detached`) keeps the terminal's Ctrl-C away, so that stopping has an order. */
function launch({
  service,
  args,
  env,
  events,
}: {
  service: Service;
  args: readonly string[];
  env: NodeJS.ProcessEnv;
  events: ServiceEvents;
}): ChildProcess {
  const child = spawn(process.execPath, [inProject(service.main), service.command, ...args], {
    cwd: inProject(),
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', events.onLine);
  }
  const { pid } = child;
  if (pid !== undefined) {
    guardOfThisProcess().watch(pid);
    child.once('exit', () => guardOfThisProcess().forget(pid));
  }
  return child;
}

async function untilReady({
  child,
  url,
  name,
}: {
  child: ChildProcess;
  url: string;
  name: string;
}): Promise<void> {
  let lastWords = '';
  const listen = (text: Buffer) => (lastWords = (lastWords + text.toString()).slice(-2_000));
  const streams = [child.stdout, child.stderr];
  for (const stream of streams) stream?.on('data', listen);
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!(await isReady(url))) {
    if (hasEnded(child)) {
      const ending = endingOf(child.exitCode, child.signalCode);
      throw new Error(`${name} ended while it started (${ending}):\n${lastWords.trim()}`);
    }
    if (Date.now() > deadline) {
      throw new Error(
        `${name} is not ready after ${START_TIMEOUT_MS / 1000} s:\n${lastWords.trim()}`,
      );
    }
    await sleep(50);
  }
  for (const stream of streams) stream?.off('data', listen);
}

async function isReady(origin: string): Promise<boolean> {
  const url = new URL('/health/ready', origin);
  const signal = AbortSignal.timeout(2_000);
  // Whether others would trust the certificate of our own process is not the question.
  const options = { signal, rejectUnauthorized: false, agent: false };
  try {
    const asking = url.protocol === 'https:' ? getSecurely(url, options) : get(url, options);
    const [response] = (await once(asking, 'response')) as [IncomingMessage];
    response.destroy();
    return response.statusCode === 200;
  } catch {
    return false;
  }
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

function endingOf(code: number | null, signal: NodeJS.Signals | null): string {
  return signal ? `signal ${signal}` : `exit code ${code}`;
}
