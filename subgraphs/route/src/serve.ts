import { kafkaConnection } from '@quantumroute/ops/kafka-settings';
import type { Logger } from '@quantumroute/ops/log';
import { createMetrics } from '@quantumroute/ops/metrics';
import type { MountedSubgraph } from '@quantumroute/ops/mounted-subgraph';

import type { RouteConfig } from './config.ts';
import { ShadowQueue } from './experiments/shadow-queue.ts';
import { openRouteLive } from './live/route-live.ts';
import { OutboxKeeper } from './outbox/outbox-keeper.ts';
import { openRoadData } from './road-data/open-road-data.ts';
import { openRunRoom } from './runs/run-room.ts';
import { createRouteServer } from './server.ts';
import { createOfferTokens } from './slots/offer-token.ts';
import { openStorage } from './storage/open-storage.ts';

/** Opens the parts of the service in order and listens. */
export async function serve(
  stack: AsyncDisposableStack,
  { config, log }: { config: RouteConfig; log: Logger },
): Promise<MountedSubgraph> {
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
  if (kafka !== null) {
    // Loaded where it is used: the client of Kafka compiles its schemas for half a second.
    const { EventRelay } = await import('./outbox/event-relay.ts');
    stack.use(new EventRelay({ postgres, connection: kafka, log, metrics }));
  }
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
  return { ask: server.ask, url: `${url}/graphql` };
}
