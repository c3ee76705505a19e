import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DemoCredential, writeDemoCredentials } from './demo-credentials.ts';
import { freePort } from './free-port.ts';
import { guardOfThisProcess } from './guard.ts';
import { localSecrets } from './local-secrets.ts';
import { machineEnvironment } from './machine-environment.ts';
import { ROOMS_WITH_STORAGE } from './migrate.ts';
import { serviceEnvironment } from './service-environment.ts';
import { type ServiceGroup, startServices } from './service-group.ts';
import { SERVICES, type ServiceName, urlsOf } from './services.ts';
import { testDatabase } from './test-database.ts';
import { type TestRedis, testRedis } from './test-redis.ts';

/** Everything as processes of one test's own, with the small demo data. */
export type TestStack = Pick<ServiceGroup, 'urls' | 'pid' | 'kill' | 'restart'> & {
  databaseUrl: string;
  redis: TestRedis;
  /** By id: dispatcher, analyst, otherDispatcher, driver, …, and the partners' clients. */
  credentials: Readonly<Record<string, DemoCredential>>;
  /** What every service was started with. */
  env: NodeJS.ProcessEnv;
  /** The latest lines of a service's log. */
  log(service: ServiceName): readonly string[];
  stop(): Promise<void>;
};

/**
 * Starts all services on free ports, with a database and a Redis of their own. `env` changes
 * settings of the services. Takes some seconds: share one among the tests of a file.
 */
export async function testStack({
  env: given = {},
  demoData = true,
}: { env?: NodeJS.ProcessEnv; demoData?: boolean } = {}): Promise<TestStack> {
  await using started = new AsyncDisposableStack();
  const directory = mkdtempSync(join(tmpdir(), 'quantumroute-stack-'));
  guardOfThisProcess().removeAfterwards(directory);
  started.defer(() => rmSync(directory, { recursive: true, force: true }));
  const database = await testDatabase(ROOMS_WITH_STORAGE, { demoData });
  started.defer(database.drop);
  const redis = await testRedis();
  started.defer(redis.stop);

  const secrets = await localSecrets(join(directory, 'secrets.json'));
  const env = serviceEnvironment({
    env: { ...machineEnvironment(), ...(await freePorts()), ...given },
    directory,
    secrets,
    databaseUrl: database.url,
    redisUrl: redis.url,
  });
  const gatewayUrl = urlsOf(env).gateway;
  const { credentials } = await writeDemoCredentials({ directory, secrets, gatewayUrl, env });
  const logs = new Map<ServiceName, string[]>();
  const onLine = (name: ServiceName, { text }: { text: string }): void => {
    logs.set(name, [...(logs.get(name) ?? []).slice(-200), text]);
  };
  const services = await startServices({ env, directory, restartCrashed: false, onLine });
  started.defer(services.stop);

  const running = started.move();
  return {
    ...services,
    databaseUrl: database.url,
    redis,
    credentials: Object.fromEntries(credentials.map((each) => [each.id, each])),
    env,
    log: (name) => logs.get(name) ?? [],
    stop: () => running.disposeAsync(),
  };
}

async function freePorts(): Promise<NodeJS.ProcessEnv> {
  const ports = await Promise.all(SERVICES.map(() => freePort()));
  return Object.fromEntries(
    SERVICES.map(({ portSetting }, index) => [portSetting, String(ports[index])]),
  );
}
