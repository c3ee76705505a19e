import { kafkaConnection } from '@quantumroute/ops/kafka';
import { runOnce, runService } from '@quantumroute/ops/lifecycle';
import { createLogger } from '@quantumroute/ops/log';
import { createMetrics } from '@quantumroute/ops/metrics';
import { startTracing } from '@quantumroute/ops/tracing';

import { readConfig } from './config.ts';
import type { RouteConfig } from './config.ts';
import { ShadowQueue } from './experiments/shadow-queue.ts';
import { openRouteLive } from './live/route-live.ts';
import { EventRelay } from './outbox/event-relay.ts';
import { OutboxKeeper } from './outbox/outbox-keeper.ts';
import { openRoadData } from './road-data/open-road-data.ts';
import { openRunRoom } from './runs/run-room.ts';
import { createRouteServer } from './server.ts';
import { createOfferTokens } from './slots/offer-token.ts';
import { migrateStorage, openStorage } from './storage/open-storage.ts';

const log = createLogger({ service: 'route' });
const command = process.argv[2] ?? 'serve';

if (command === 'serve') await runService({ name: 'route', log, start: serve });
else if (command === 'migrate') await runOnce({ log, run: migrate });
else await runOnce({ log, run: refuseCommand });

async function serve(stack: AsyncDisposableStack): Promise<void> {
  const config = readOwnConfig();
  stack.defer(await startTracing({ service: 'route', config }));
  const metrics = createMetrics('route');
  const postgres = await openStorage({ config, log, metrics });
  stack.defer(() => postgres.close());
  const roadData = openRoadData(stack, { config, log, metrics });
  const connection = { redisUrl: config.REDIS_URL, redisPrefix: config.REDIS_PREFIX, log };
  const live = openRouteLive(stack, { postgres, log, connection });
  const onEvent = ({ organizationId }: { organizationId: string }) =>
    live.tail.wake(organizationId);
  const runs = await openRunRoom(stack, { postgres, roadData, log, metrics, config, onEvent });
  const islands = config.ROUTE_PLANNER_ISLANDS;
  stack.use(new ShadowQueue({ postgres, log, islands, isBusy: () => runs.queue.isBusy() }));
  stack.use(new OutboxKeeper({ postgres, log }));
  const kafka = kafkaConnection(config, 'quantumroute-route');
  if (kafka !== null) stack.use(new EventRelay({ postgres, connection: kafka, log, metrics }));
  const server = await createRouteServer({
    parts: {
      postgres,
      metrics,
      roadData,
      runs,
      live,
      offerTokens: createOfferTokens(config.SERVICE_IDENTITY_SECRET),
      publicUrl: config.PUBLIC_URL,
    },
    identity: { secret: config.SERVICE_IDENTITY_SECRET },
    log,
    production: config.NODE_ENV === 'production',
  });
  stack.defer(() => server.close());
  const { url } = await server.listen(config.ROUTE_PORT, config.HOST);
  log.info({ url }, 'route is ready');
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
