import { createSubgraphServer } from '@quantumroute/ops/subgraph-server';
import { createLogger } from '@quantumroute/ops/log';
import { createMetrics } from '@quantumroute/ops/metrics';
import { SECRET } from '../small-graph/small-graph.ts';

/** A subgraph that takes over the names of people, under which they are called otherwise. */
export const contactsTypeDefs = `#graphql
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@override"])
  type Query { contactCount: Int! }
  type Person @key(fields: "id") {
    id: ID!
    name: String! @override(from: "people")
  }
`;

/** Starts it on a free port. */
export async function startContacts(): Promise<{
  name: string;
  url: string;
  sdl: string;
  close(): Promise<void>;
}> {
  const server = await createSubgraphServer({
    name: 'contacts',
    typeDefs: contactsTypeDefs,
    resolvers: {
      Query: { contactCount: () => 7 },
      Person: {
        __resolveReference: ({ id }: { id: string }) => ({ id, name: `Contact ${id}` }),
      },
    } as never,
    createContext: ({ identity }) => ({ identity }),
    identity: { secret: SECRET },
    log: createLogger({ service: 'contacts', level: 'error' }),
    metrics: createMetrics('contacts'),
    production: false,
    readiness: {},
  });
  const { url } = await server.listen(0, '127.0.0.1');
  return {
    name: 'contacts',
    url: `${url}/graphql`,
    sdl: contactsTypeDefs,
    close: () => server.close({ graceMs: 0 }),
  };
}
