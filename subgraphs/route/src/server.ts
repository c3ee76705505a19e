import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import type { Logger } from '@quantumroute/ops/log';
import { createSubgraphServer } from '@quantumroute/ops/subgraph-server';
import type { SubgraphServer } from '@quantumroute/ops/subgraph-server';

import { createContext } from './context.ts';
import type { RouteContext, RouteParts } from './context.ts';
import { resolvers } from './resolvers/resolvers.ts';

export type RouteServerOptions = {
  parts: RouteParts;
  identity: { secret: string };
  log: Logger;
  production: boolean;
};

/** The subgraph without a port, so that tests can call it. */
export async function createRouteServer(options: RouteServerOptions): Promise<SubgraphServer> {
  const { parts, identity, log, production } = options;
  return createSubgraphServer<RouteContext>({
    name: 'route',
    typeDefs: readFileSync(schemaPath, 'utf8'),
    resolvers,
    createContext: (request) => createContext(parts, request),
    identity,
    log,
    metrics: parts.metrics,
    production,
    readiness: { postgres: () => parts.postgres.ping() },
  });
}

const schemaPath = fileURLToPath(import.meta.resolve('@quantumroute/schema/route.graphql'));
