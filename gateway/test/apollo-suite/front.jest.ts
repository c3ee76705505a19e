import { ApolloServer } from '@apollo/server';
import type { ApolloServerOptions, BaseContext } from '@apollo/server';
import { defineIntegrationTestSuite } from '@apollo/server-integration-testsuite';
import { graphqlRoute } from '@quantumroute/ops/graphql-http';
import { createHttpServer } from '@quantumroute/ops/http';
import { createLogger } from '@quantumroute/ops/log';
import { createMetrics } from '@quantumroute/ops/metrics';

/** Runs on Jest, which the suite is written for; `apollo-suite.test.ts` starts it. */
defineIntegrationTestSuite(async (config, options) => {
  // The suite brings a server of its own; ours is the one to be looked at.
  const server = new ApolloServer(config as unknown as ApolloServerOptions<BaseContext>);
  await server.start();
  const log = createLogger({ service: 'front', level: 'silent' });
  const metrics = createMetrics('front');
  const context = options?.context ?? (async () => ({}));
  const createContext = async () => context();
  const http = createHttpServer({
    log,
    metrics,
    routes: { '/': graphqlRoute(server, { createContext }) },
  });
  const { url } = await http.listen(0, '127.0.0.1');
  return { server: server as never, url, extraCleanup: () => http.close({ graceMs: 0 }) };
});
