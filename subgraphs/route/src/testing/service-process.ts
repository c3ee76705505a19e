import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { machineEnvironment } from '@quantumroute/ops/local/testing';

import type { RouteWorld } from './route-world.ts';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));

/** The service as operators run it: a process of its own on the world's database, ready, to be killed. */
export async function startServiceProcess(
  { databaseUrl }: Pick<RouteWorld, 'databaseUrl'>,
  settings: Record<string, string>,
): Promise<{ kill(): Promise<void> }> {
  const child = spawn(process.execPath, [MAIN, 'serve'], {
    env: {
      ...machineEnvironment(),
      DATABASE_URL: databaseUrl,
      REDIS_URL: 'redis://127.0.0.1:1',
      SERVICE_IDENTITY_SECRET: 'a secret of the tests that is long enough',
      ROUTE_PORT: '0',
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  let output = '';
  await new Promise<void>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (output.includes('route is ready')) resolve();
    });
    child.once('exit', () => reject(new Error(`The service did not start:\n${output}`)));
  });
  return {
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
