import { once } from 'node:events';
import { styleText } from 'node:util';
import { type DemoCredentials, writeDemoCredentials } from './demo-credentials.ts';
import { loadDemoData } from './demo-data.ts';
import { claimInstance, type Instance } from './instance.ts';
import { localSecrets } from './local-secrets.ts';
import type { LogLine } from './log-line.ts';
import { migrateAll } from './migrate.ts';
import { onStopRequest } from './on-stop-request.ts';
import { withProgress } from './progress.ts';
import { inProject } from './project.ts';
import { serviceEnvironment } from './service-environment.ts';
import { type ServiceGroup, startServices } from './service-group.ts';
import { SERVICES, type ServiceName, urlsOf } from './services.ts';
import { portProblems, settingsProblems } from './settings-check.ts';
import { openStores, type Stores } from './stores.ts';
import { printWelcome } from './welcome.ts';

/** `npm start`: everything, in `.quantumroute/` of the checkout, until Ctrl-C. */
const directory = inProject('.quantumroute');
/** For the check of settings, which comes before PostgreSQL and Redis. */
const PLACEHOLDERS = { databaseUrl: 'postgres://127.0.0.1/local', redisUrl: 'redis://127.0.0.1' };
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
  const instance = await claimInstance(directory, urlsOf(process.env).gateway);
  running.defer(instance.release);
  const secrets = await localSecrets(`${directory}/secrets.json`);
  const environment = (stores: { databaseUrl: string; redisUrl: string }) =>
    serviceEnvironment({ env: process.env, directory, secrets, ...stores });
  await checkSettings(environment(PLACEHOLDERS));

  const stores = await withProgress('Starting PostgreSQL and Redis', () =>
    openStores({ directory, env: process.env, postgresPassword: secrets.postgresPassword }),
  );
  running.defer(stores.stop);
  instance.record(stores.pids);
  const env = environment(stores);
  stopRequest.throwIfAborted();
  await withProgress('Migrating the database', () => migrateAll(env, stopRequest));
  stopRequest.throwIfAborted();
  const gatewayUrl = urlsOf(env).gateway;
  const [services, , credentials] = await allOf([
    withProgress('Starting the services', () => startGroup(env, instance)),
    prepareDemoData(env),
    writeDemoCredentials({ directory, secrets, gatewayUrl, env }),
  ]);
  stopRequest.throwIfAborted();
  announce({ services, stores, credentials });
}

async function checkSettings(env: NodeJS.ProcessEnv): Promise<void> {
  const wrong = await settingsProblems(env);
  const problems = wrong.length > 0 ? wrong : await portProblems(env);
  if (problems.length === 0) return;
  const list = problems.map((problem) => `  - ${problem}`).join('\n');
  throw new Error(`quantumroute cannot start with these settings:\n${list}`);
}

async function startGroup(env: NodeJS.ProcessEnv, instance: Instance): Promise<ServiceGroup> {
  const group = await startServices({
    env,
    directory,
    restartCrashed: true,
    onLine: printLine,
    signal: stopRequest,
  });
  running.defer(group.stop);
  instance.record(SERVICES.flatMap(({ name }) => group.pid(name) ?? []));
  return group;
}

/** Waits for all even if one fails, so that whatever has started is known and gets stopped. */
async function allOf<T extends readonly Promise<unknown>[]>(
  promises: readonly [...T],
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(promises);
  return (await Promise.all(promises)) as { -readonly [K in keyof T]: Awaited<T[K]> };
}

/** A production configuration gets no invented customers. */
async function prepareDemoData(env: NodeJS.ProcessEnv): Promise<void> {
  if (env['NODE_ENV'] === 'production') return;
  await withProgress('Loading the demo data', (tell) =>
    loadDemoData({ env, size: 'full', signal: stopRequest, onLine: tell }),
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
}): void {
  const seconds = process.uptime().toFixed(1);
  printWelcome({ ...parts, urls: parts.services.urls, ...parts.stores, directory, seconds });
}
