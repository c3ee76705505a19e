import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { chownSync, existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { freePort } from './free-port.ts';
import { guardOfThisProcess } from './guard.ts';
import { commandOf, endProcess } from './orphan.ts';
import { type Account, postgresAccount } from './postgres-account.ts';
import { dataDirectoryFor, type PostgresBinaries, postgresBinaries } from './postgres-files.ts';
import { postgresSettings } from './postgres-settings.ts';
import { withClient } from './with-client.ts';

/** What to start. */
export type PostgresOptions = {
  /** Holds the data; made when missing. */
  directory: string;
  /** Default: a free one. */
  port?: number;
  password: string;
  /** Default true; false trades crash safety for speed and deletes the data at the end. */
  durable?: boolean;
  /** Gets the server's log, piece by piece. */
  onLog?: (text: string) => void;
};

/** A running PostgreSQL of our own. */
export type LocalPostgres = {
  pid: number;
  port: number;
  directory: string;
  /** Address of one database as superuser; default `postgres`. */
  urlOf(database?: string): string;
  /** Makes the database when missing; gives its address. */
  database(name: string): Promise<string>;
  kill(): Promise<void>;
  stop(): Promise<void>;
};

/**
 * Starts PostgreSQL 18 from npm on a data directory, made at the first start. A server that an
 * earlier owner left behind on that directory (killed with -9) is stopped first.
 */
export async function startPostgres(options: PostgresOptions): Promise<LocalPostgres> {
  const { directory, password, durable = true, onLog = () => {} } = options;
  const account = postgresAccount(directory);
  const data = dataDirectoryFor(directory, account);
  const binaries = await postgresBinaries(account);
  await stopOrphan(data);
  await discardUnfinished(data);
  const isNew = !existsSync(join(data, 'PG_VERSION'));
  if (isNew) await initialise({ data, binaries, account, password });

  const port = options.port ?? (await freePort());
  const child = launch({ data, binaries, account, port, durable });
  child.stderr?.setEncoding('utf8').on('data', onLog);
  const urlOf = (database = 'postgres') =>
    `postgres://${USER}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;
  await untilReady(child, urlOf());
  // Databases copy template1, so every one made later has the extension.
  if (isNew) {
    const sql = 'CREATE EXTENSION IF NOT EXISTS pg_stat_statements';
    await withClient(urlOf('template1'), (client) => client.query(sql));
    rmSync(unfinishedMark(data));
  }

  return {
    pid: pidOf(child),
    port,
    directory,
    urlOf,
    database: (name) => createDatabase(urlOf, name),
    kill: () => end(child, 'SIGQUIT'),
    async stop() {
      await end(child, durable ? 'SIGINT' : 'SIGQUIT');
      if (!durable) rmSync(data, { recursive: true, force: true });
    },
  };
}

const USER = 'quantumroute';
const START_TIMEOUT_MS = 60_000;

type Cluster = { data: string; binaries: PostgresBinaries; account: Account };

/** The first line of postmaster.pid is the server's process; it may be long gone or be reused. */
async function stopOrphan(data: string): Promise<void> {
  const pidFile = join(data, 'postmaster.pid');
  if (!existsSync(pidFile)) return;
  const pid = Number.parseInt(readFileSync(pidFile, 'utf8'), 10);
  const command = pid > 0 ? commandOf(pid) : '';
  if (command.includes('postgres') && command.includes(data)) {
    const gone =
      (await endProcess(pid, 'SIGINT', 15_000)) || (await endProcess(pid, 'SIGQUIT', 15_000));
    if (!gone) throw new Error(`An earlier PostgreSQL (process ${pid}) on ${data} does not stop.`);
  }
  rmSync(pidFile, { force: true });
}

/** Beside a data directory from its first moment until it is complete; holds the process of initdb. */
function unfinishedMark(data: string): string {
  return `${data}.unfinished`;
}

/** A set-up that was killed in the middle leaves a directory that looks usable and is not. */
async function discardUnfinished(data: string): Promise<void> {
  const mark = unfinishedMark(data);
  if (!existsSync(mark)) return;
  const pid = Number.parseInt(readFileSync(mark, 'utf8'), 10);
  if (pid > 0 && commandOf(pid).includes(data)) await endProcess(pid, 'SIGKILL', 5_000);
  for (const name of readdirSync(data)) rmSync(join(data, name), { recursive: true, force: true });
  rmSync(mark);
}

async function initialise({ data, binaries, account, password }: Cluster & { password: string }) {
  if (readdirSync(data).length > 0) {
    throw new Error(
      `PostgreSQL needs an empty folder for its data, and ${data} holds other files.`,
    );
  }
  const passwordFile = join(data, '..', `.password-${process.pid}`);
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (account.uid !== undefined && account.gid !== undefined) {
    chownSync(passwordFile, account.uid, account.gid);
  }
  const flags = [
    `--pgdata=${data}`,
    `--username=${USER}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    // The built-in locale sorts the same way on every machine.
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--no-sync',
    '--no-instructions',
  ];
  try {
    const running = promisify(execFile)(binaries.initdb, flags, {
      ...account,
      cwd: '/',
      env: ENVIRONMENT,
    });
    writeFileSync(unfinishedMark(data), String(running.child.pid));
    await running;
  } catch (error) {
    rmSync(data, { recursive: true, force: true });
    rmSync(unfinishedMark(data), { force: true });
    throw new Error(`PostgreSQL could not set up ${data}: ${(error as Error).message}`, {
      cause: error,
    });
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

/** A session of its own (`detached`) keeps the terminal's Ctrl-C away: we stop it, and last. */
function launch(cluster: Cluster & { port: number; durable: boolean }): ChildProcess {
  const settings = Object.entries(postgresSettings(cluster.durable)).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);
  const child = spawn(
    cluster.binaries.postgres,
    ['-D', cluster.data, '-p', String(cluster.port), ...settings],
    {
      ...cluster.account,
      cwd: '/',
      env: ENVIRONMENT,
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  const { pid } = child;
  if (pid !== undefined) {
    guardOfThisProcess().watch(pid, { signal: 'INT', lastSignal: 'QUIT' });
    child.once('exit', () => guardOfThisProcess().forget(pid));
  }
  return child;
}

const ENVIRONMENT = { PATH: process.env['PATH'], LC_MESSAGES: 'C', TZ: 'UTC' };

async function untilReady(child: ChildProcess, url: string): Promise<void> {
  let lastWords = '';
  const remember = (text: string) => (lastWords = (lastWords + text).slice(-2000));
  child.stderr?.on('data', remember);
  const failed = new Promise<never>((_resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`PostgreSQL did not start:\n${lastWords.trim()}`)));
  });
  await Promise.race([failed, answering(url)]);
  failed.catch(() => {});
  child.stderr?.off('data', remember);
}

async function answering(url: string): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    try {
      return void (await withClient(url, (client) => client.query('SELECT 1')));
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(25);
    }
  }
}

async function createDatabase(urlOf: (name?: string) => string, name: string): Promise<string> {
  await withClient(urlOf(), async (client) => {
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [name]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${pg.escapeIdentifier(name)}`);
  });
  return urlOf(name);
}

function pidOf({ pid }: ChildProcess): number {
  if (pid === undefined) throw new Error('PostgreSQL has no process.');
  return pid;
}

/** Fast shutdown, then an immediate one; never -9, which would leave shared memory behind. */
async function end(child: ChildProcess, signal: 'SIGINT' | 'SIGQUIT'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill(signal);
  const impatience = setTimeout(() => child.kill('SIGQUIT'), 15_000);
  await exited;
  clearTimeout(impatience);
}
