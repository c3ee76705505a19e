import { runOnce, runService } from '@quantumroute/ops/lifecycle';
import { createLogger } from '@quantumroute/ops/log';
import { createMetrics } from '@quantumroute/ops/metrics';
import { startTracing } from '@quantumroute/ops/tracing';
import type { FleetConfig } from './config.ts';
import { readConfig } from './config.ts';
import { openFleetLive } from './live/fleet-live.ts';
import { createFleetServer } from './server.ts';
import { migrateStorage, openStorage } from './storage/open-storage.ts';

const log = createLogger({ service: 'fleet' });
const command = process.argv[2] ?? 'serve';

if (command === 'serve') await runService({ name: 'fleet', log, start: serve });
else if (command === 'migrate') await runOnce({ log, run: migrate });
else await runOnce({ log, run: refuseCommand });

async function serve(stack: AsyncDisposableStack): Promise<void> {
  const config = readOwnConfig();
  stack.defer(await startTracing({ service: 'fleet', config }));
  const metrics = createMetrics('fleet');
  const postgres = await openStorage({ config, log, metrics });
  stack.defer(() => postgres.close());
  const live = openFleetLive(stack, { postgres, config, log });
  const server = await createFleetServer({ config, postgres, live, log, metrics });
  stack.defer(() => server.close());
  const { url } = await server.listen(config.FLEET_PORT, config.HOST);
  log.info({ url }, 'fleet is ready');
}

async function migrate(): Promise<void> {
  await migrateStorage({ config: readOwnConfig(), log });
}

function refuseCommand(): never {
  throw new Error(`main.ts needs the command serve or migrate, got ${command}`);
}

function readOwnConfig(): FleetConfig {
  const config = readConfig(process.env);
  log.level = config.LOG_LEVEL;
  return config;
}
