import { runOnce, runService } from '@quantumroute/ops/lifecycle';
import { createLogger } from '@quantumroute/ops/log';
import { startTracing } from '@quantumroute/ops/tracing';

import { readConfig } from './config.ts';
import type { RouteConfig } from './config.ts';
import { serve } from './serve.ts';
import { migrateStorage } from './storage/open-storage.ts';

const log = createLogger({ service: 'route' });
const command = process.argv[2] ?? 'serve';

if (command === 'serve') await runService({ name: 'route', log, start });
else if (command === 'migrate') await runOnce({ log, run: migrate });
else await runOnce({ log, run: refuseCommand });

async function start(stack: AsyncDisposableStack): Promise<void> {
  const config = readOwnConfig();
  stack.defer(await startTracing({ service: 'route', config }));
  await serve(stack, { config, log });
}

async function migrate(): Promise<void> {
  await migrateStorage({ config: readOwnConfig(), log });
}

function refuseCommand(): never {
  throw new Error(`main.ts needs the command serve or migrate, got ${command}`);
}

function readOwnConfig(): RouteConfig {
  const config = readConfig(process.env);
  log.level = config.LOG_LEVEL;
  return config;
}
