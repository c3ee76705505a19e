import type { Logger } from '@quantumroute/ops/log';
import { createMetrics } from '@quantumroute/ops/metrics';
import type { MountedSubgraph } from '@quantumroute/ops/mounted-subgraph';
import type { FleetConfig } from './config.ts';
import { openFleetLive } from './live/fleet-live.ts';
import { createFleetServer } from './server.ts';
import { openStorage } from './storage/open-storage.ts';

/** Opens the parts of the service in order and listens. */
export async function serve(
  stack: AsyncDisposableStack,
  { config, log }: { config: FleetConfig; log: Logger },
): Promise<MountedSubgraph> {
  const metrics = createMetrics('fleet');
  const postgres = await openStorage({ config, log, metrics });
  stack.defer(() => postgres.close());
  const live = openFleetLive(stack, { postgres, config, log });
  const server = await createFleetServer({ config, postgres, live, log, metrics });
  stack.defer(() => server.close());
  const { url } = await server.listen(config.FLEET_PORT, config.HOST);
  log.info({ url }, 'fleet is ready');
  return { ask: server.ask, url: `${url}/graphql` };
}
