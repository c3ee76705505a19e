import { once } from 'node:events';
import { styleText } from 'node:util';
import { type DemoCredentials, writeDemoCredentials } from './demo-credentials.ts';
import { loadDemoData } from './demo-data.ts';
import { claimInstance, type Instance } from './instance.ts';
import { localSecrets } from './local-secrets.ts';
import { readConfig } from './local-settings.ts';
import type { LogLine } from './log-line.ts';
import { migrateAll } from './migrate.ts';
import { onStopRequest } from './on-stop-request.ts';
import { withProgress } from './progress.ts';
import { serviceEnvironment } from './service-environment.ts';
import { type ServiceGroup, startServices } from './service-group.ts';
import { SERVICES, type ServiceName, urlsOf } from './services.ts';
import { portProblems, settingsProblems } from './settings-check.ts';
import { openStores, type Stores } from './stores.ts';
import { printWelcome } from './welcome.ts';

/** `npm start`: everything, in a folder of the checkout's own, until Ctrl-C. */
const running = new AsyncDisposableStack();
const stopRequest = onStopRequest();

try {
  await start();
  if (!stopRequest.aborted) await once(stopRequest, 'abort');
  console.log('\nStopping …');
} catch (error) {
  if (!stopRequest.aborted) {
    console.error(`\n${(error as Error).message}`);
    process.exitCode = 1;
  }
}
await running.disposeAsync();
if (stopRequest.aborted) console.log('Stopped.');
process.exit();

async function start(): Promise<void> {
  await refuseProblems(settingsProblems);
  const { directory, demoData } = readConfig(process.env);
  const instance = await claimInstance(directory, urlsOf(process.env).gateway);
  running.defer(instance.release);
  await refuseProblems(portProblems);

  const secrets = await localSecrets(`${directory}/secrets.json`);
  const stores = await withProgress('Starting PostgreSQL and Redis', () =>
    openStores({ directory, env: process.env, postgresPassword: secrets.postgresPassword }),
  );
  running.defer(stores.stop);
  instance.record(stores.pids);
  instance.recordDatabase(stores.databaseUrl);
  const env = serviceEnvironment({
    env: withCompileCache(directory),
    directory,
    secrets,
    ...stores,
  });
  stopRequest.throwIfAborted();
  await withProgress('Migrating the database', () => migrateAll(env, stopRequest));
  stopRequest.throwIfAborted();
  const gatewayUrl = urlsOf(env).gateway;
  const [services, , credentials] = await together((signal) => [
    withProgress('Starting the services', () => startGroup({ env, directory, instance, signal })),
    prepareDemoData({ env, size: demoData, signal }),
    writeDemoCredentials({ directory, secrets, gatewayUrl, env }),
  ]);
  stopRequest.throwIfAborted();
  announce({ services, stores, credentials, directory });
}

/** From their second start on, services start twice as fast: V8 need not compile their code again. */
function withCompileCache(directory: string): NodeJS.ProcessEnv {
  return { NODE_COMPILE_CACHE: `${directory}/compile-cache`, ...process.env };
}

async function refuseProblems(
  find: (env: NodeJS.ProcessEnv) => Promise<readonly string[]>,
): Promise<void> {
  const problems = await find(process.env);
  if (problems.length === 0) return;
  const list = problems.map((problem) => `  - ${problem}`).join('\n');
  throw new Error(`quantumroute cannot start with these settings:\n${list}`);
}

async function startGroup({
  env,
  directory,
  instance,
  signal,
}: {
  env: NodeJS.ProcessEnv;
  directory: string;
  instance: Instance;
  signal: AbortSignal;
}): Promise<ServiceGroup> {
  const group = await startServices({
    env,
    directory,
    restartCrashed: true,
    onLine: printLine,
    signal,
  });
  running.defer(group.stop);
  instance.record(SERVICES.flatMap(({ name }) => group.pid(name) ?? []));
  return group;
}

/**
 * Does several things at once. The first that fails aborts the others, and all are waited for, so
 * that whatever has started is known and gets stopped.
 */
async function together<T extends readonly Promise<unknown>[]>(
  begin: (signal: AbortSignal) => readonly [...T],
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  const failure = new AbortController();
  const promises = begin(AbortSignal.any([stopRequest, failure.signal]));
  const all = Promise.all(promises);
  all.catch((error: unknown) => failure.abort(error));
  await Promise.allSettled(promises);
  return all;
}

async function prepareDemoData({
  env,
  size,
  signal,
}: {
  env: NodeJS.ProcessEnv;
  size: 'full' | 'small' | 'none';
  signal: AbortSignal;
}): Promise<void> {
  if (size === 'none') return;
  await withProgress('Loading the demo data', (tell) =>
    loadDemoData({ env, size, signal, onLine: tell }),
  );
}

/** The terminal shows what needs attention; the rest is in the log files. */
function printLine(service: ServiceName, { level, text }: LogLine): void {
  if (level !== 'warn' && level !== 'error') return;
  const time = new Date().toISOString().slice(11, 19);
  const word = level === 'warn' ? styleText('yellow', 'warn ') : styleText('red', 'error');
  console.log(`${time} ${service.padEnd(7)} ${word} ${text}`);
}

function announce(parts: {
  services: ServiceGroup;
  stores: Stores;
  credentials: DemoCredentials;
  directory: string;
}): void {
  const seconds = process.uptime().toFixed(1);
  printWelcome({ ...parts, urls: parts.services.urls, ...parts.stores, seconds });
}
