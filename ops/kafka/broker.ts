import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from '../local/free-port.ts';
import { guardOfThisProcess } from '../local/guard.ts';
import { brokerClasspath } from './classpath.ts';
import { brokerProperties } from './properties.ts';

/** What to start. */
export type BrokerOptions = {
  /** Holds the data; made when missing. Must not be in use. */
  directory: string;
  /** Default: a free one. */
  port?: number;
  onLog?: (text: string) => void;
};

/** A Kafka of our own: one process that is broker and controller. */
export type LocalBroker = {
  pid: number;
  port: number;
  /** What KAFKA_BROKERS is set to. */
  brokers: string;
  /** As a crash: SIGKILL. */
  kill(): Promise<void>;
  stop(): Promise<void>;
};

/** Starts Kafka on the loopback; it ends with this process, however that ends. */
export async function startBroker(options: BrokerOptions): Promise<LocalBroker> {
  const { directory, onLog = () => {} } = options;
  const classpath = await brokerClasspath();
  const port = options.port ?? (await freePort());
  mkdirSync(directory, { recursive: true });
  const file = join(directory, 'server.properties');
  const data = join(directory, 'data');
  writeFileSync(file, brokerProperties({ port, controllerPort: await freePort(), data }));
  if (!existsSync(join(data, 'meta.properties'))) await formatStorage(classpath, file);

  const child = spawn('java', [...HEAP, ...QUICK_START, '-cp', classpath, 'kafka.Kafka', file], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', onLog);
  const { pid } = child;
  if (pid === undefined) throw new Error('java cannot be run.');
  guardOfThisProcess().watch(pid);
  child.once('exit', () => guardOfThisProcess().forget(pid));
  await untilReady(child, port);
  return {
    pid,
    port,
    brokers: `127.0.0.1:${port}`,
    kill: () => end(child, 'SIGKILL'),
    stop: () => end(child, 'SIGTERM'),
  };
}

const HEAP = ['-Xms64m', '-Xmx256m'];
const QUICK_START = [
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=1',
  '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
];
const CLUSTER_ID = 'cXVhbnR1bXJvdXRlLWRldg';
const START_TIMEOUT_MS = 60_000;

async function formatStorage(classpath: string, file: string): Promise<void> {
  const format = [
    'kafka.tools.StorageTool',
    'format',
    '--config',
    file,
    '--cluster-id',
    CLUSTER_ID,
  ];
  await promisify(execFile)('java', [...HEAP, ...QUICK_START, '-cp', classpath, ...format], {
    timeout: START_TIMEOUT_MS,
  });
}

async function untilReady(child: ChildProcess, port: number): Promise<void> {
  let lastWords = '';
  child.stderr?.on('data', (text: string) => (lastWords = (lastWords + text).slice(-2_000)));
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!(await isOpen(port))) {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`Kafka did not start on port ${port}:\n${lastWords}`);
    }
    if (Date.now() > deadline) throw new Error(`Kafka does not listen on port ${port}.`);
    await sleep(50);
  }
}

/** A broker listens once it may be used. */
function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => answer(true));
    const answer = (open: boolean) => {
      resolve(open);
      socket.destroy();
    };
    socket.once('error', () => answer(false));
    socket.setTimeout(1_000, () => answer(false));
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
