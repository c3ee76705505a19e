import { readFile } from 'node:fs/promises';
import type { Logger } from '@quantumroute/ops/log';
import type { Metrics } from '@quantumroute/ops/metrics';
import type { Postgres } from '@quantumroute/ops/postgres';
import type { SubgraphServer } from '@quantumroute/ops/subgraph-server';
import { createSubgraphServer } from '@quantumroute/ops/subgraph-server';
import type { FleetConfig } from './config.ts';
import { createFleetContext } from './context.ts';
import type { FleetLive } from './live/fleet-live.ts';
import { resolvers } from './resolvers/resolvers.ts';

/** The open parts that a server is made of. */
export type FleetParts = {
  config: Pick<FleetConfig, 'SERVICE_IDENTITY_SECRET' | 'NODE_ENV'>;
  postgres: Postgres;
  live: FleetLive;
  log: Logger;
  metrics: Metrics;
};

/** The fleet subgraph without a port; `listen` gives it one. */
export async function createFleetServer({
  config,
  postgres,
  live,
  log,
  metrics,
}: FleetParts): Promise<SubgraphServer> {
  const sdl = new URL(import.meta.resolve('@quantumroute/schema/fleet.graphql'));
  return createSubgraphServer({
    name: 'fleet',
    typeDefs: await readFile(sdl, 'utf8'),
    resolvers,
    createContext: ({ identity }) =>
      createFleetContext({ identity, em: postgres.fork(), live, metrics }),
    identity: { secret: config.SERVICE_IDENTITY_SECRET },
    log,
    metrics,
    production: config.NODE_ENV === 'production',
    readiness: { postgres: () => postgres.ping() },
  });
}
