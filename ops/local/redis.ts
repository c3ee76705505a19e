import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.ts';
import { guardOfThisProcess } from './guard.ts';
import { commandOf, endProcess } from './orphan.ts';

/** What to start. */
export type RedisOptions = {
  /** Holds the data; made when missing. */
  directory: string;
  /** Default: a free one. */
  port?: number;
  /** Default true: an append-only file, flushed every second. */
  durable?: boolean;
  onLog?: (text: string) => void;
};

/** A running Redis (or Valkey) of our own. */
export type LocalRedis = {
  pid: number;
  port: number;
  url: string;
  /** As a crash would: SIGKILL. */
  kill(): Promise<void>;
  stop(): Promise<void>;
};

/**
 * Starts `redis-server` or `valkey-server` from the PATH (no npm package ships one). A server that
 * an earlier owner left behind on that directory is stopped first.
 */
export async function startRedis(options: RedisOptions): Promise<LocalRedis> {
  const { directory, durable = true, onLog = () => {} } = options;
  const program = redisProgram();
  if (!program) throw new Error('Neither redis-server nor valkey-server is on the PATH.');
  mkdirSync(directory, { recursive: true });
  await stopOrphan(directory);

  const port = options.port ?? (await freePort());
  const child = launch({ program, directory, port, durable });
  child.stdout?.setEncoding('utf8').on('data', onLog);
  const { pid } = child;
  if (pid === undefined) throw new Error(`${program} cannot be run.`);
  guardOfThisProcess().watch(pid);
  child.once('exit', () => guardOfThisProcess().forget(pid));
  writeFileSync(join(directory, OWNER_FILE), JSON.stringify({ pid, port }));
  await untilReady(child, port);

  return {
    pid,
    port,
    url: `redis://127.0.0.1:${port}`,
    kill: () => end(child, 'SIGKILL'),
    stop: () => end(child, 'SIGTERM'),
  };
}

/** Full path of the server program, or undefined when none is installed. */
export function redisProgram(path = process.env['PATH'] ?? ''): string | undefined {
  return ['redis-server', 'valkey-server']
    .flatMap((name) => path.split(delimiter).map((directory) => join(directory, name)))
    .find(isExecutable);
}

const OWNER_FILE = 'server.json';

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Redis writes its port into its process title, which tells ours from any other process. */
async function stopOrphan(directory: string): Promise<void> {
  const file = join(directory, OWNER_FILE);
  if (!existsSync(file)) return;
  const { pid, port } = ownerIn(file);
  const command = commandOf(pid);
  if (!/redis|valkey/.test(command) || !command.includes(`:${port}`)) return;
  if (!(await endProcess(pid, 'SIGTERM', 10_000))) await endProcess(pid, 'SIGKILL', 5_000);
}

/** Nobody, when the file was cut off while it was written. */
function ownerIn(file: string): { pid: number; port: number } {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as { pid: number; port: number };
  } catch {
    return { pid: 0, port: 0 };
  }
}

type Launch = { program: string; directory: string; port: number; durable: boolean };

function launch({ program, directory, port, durable }: Launch): ChildProcess {
  const settings: Record<string, string> = {
    port: String(port),
    bind: '127.0.0.1',
    dir: directory,
    save: '',
    appendonly: durable ? 'yes' : 'no',
    // The queue must never lose a key to eviction.
    'maxmemory-policy': 'noeviction',
    loglevel: 'warning',
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  return spawn(program, flags, { detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
}

async function untilReady(child: ChildProcess, port: number): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!(await answersPing(port))) {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`Redis did not start on port ${port} (exit code ${child.exitCode ?? '-'}).`);
    }
    if (Date.now() > deadline) throw new Error(`Redis does not answer on port ${port}.`);
    await sleep(15);
  }
}

/** While it loads its file Redis answers with an error instead of PONG. */
function answersPing(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    socket.once('data', (answer) => {
      resolve(answer.toString().startsWith('+PONG'));
      socket.destroy();
    });
    socket.once('error', () => resolve(false));
    socket.setTimeout(1_000, () => {
      resolve(false);
      socket.destroy();
    });
  });
}

async function end(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill(signal);
  const impatience = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await exited;
  clearTimeout(impatience);
}
