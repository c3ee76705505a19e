import { createSubgraphServer } from '@quantumroute/ops/subgraph-server';
import type { Identity } from '@quantumroute/ops/identity';
import { createLogger } from '@quantumroute/ops/log';
import { createMetrics } from '@quantumroute/ops/metrics';
import type { AskMounted } from '@quantumroute/ops/mounted-subgraph';

/** A subgraph about people, some of whom are nobody's business. */
export const peopleTypeDefs = `#graphql
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [
    "@key", "@shareable", "@inaccessible", "@authenticated", "@requiresScopes", "@cost", "@listSize",
    "@tag"
  ])
  directive @cacheControl(maxAge: Int, scope: CacheControlScope, inheritMaxAge: Boolean) on FIELD_DEFINITION | OBJECT | INTERFACE | UNION
  enum CacheControlScope { PUBLIC PRIVATE }

  type Query {
    motto: String! @cacheControl(maxAge: 60, scope: PUBLIC)
    whoAmI: String @cacheControl(maxAge: 60, scope: PRIVATE)
    person(id: ID!): Person
    people(first: Int! = 10): [Person!]! @listSize(slicingArguments: ["first"])
    named(id: ID!): Named
    found: [Found!]! @listSize(assumedSize: 2)
    notes: [String!]! @authenticated @listSize(assumedSize: 10) @cacheControl(maxAge: 60, scope: PRIVATE)
    paged(first: Int! = 10): People! @listSize(slicingArguments: ["first"], sizedFields: ["nodes"])
    expensive: String @cost(weight: 1000)
    broken: String
    odd: Person
    partnerCredential(keySha256: String!): PartnerCredential @inaccessible
  }
  type Mutation {
    noteAdd(text: String!): [String!]! @authenticated @listSize(assumedSize: 10)
    beat: Boolean @tag(name: "telemetry")
  }
  type People { nodes: [Person!]! }
  interface Named { id: ID! name: String! phone: String }
  union Found = Person | Place
  type Person implements Named @key(fields: "id") {
    id: ID!
    name: String!
    phone: String @requiresScopes(scopes: [["pii"]])
    salary: Int @requiresScopes(scopes: [["pii", "finance"], ["owner"]])
    friends(first: Int! = 10): [Person!]! @listSize(slicingArguments: ["first"])
  }
  type Place implements Named { id: ID! name: String! phone: String }
  type PartnerCredential @inaccessible {
    partnerId: ID!
    organizationId: ID!
    client: String!
    scopes: [String!]! @listSize(assumedSize: 20)
  }
`;

type Credential = {
  partnerId: string;
  organizationId: string;
  client: string;
  scopes: string[];
};

/** What a test may look at and change. */
export type People = {
  url: string;
  ask: AskMounted;
  /** Every field of Query and Mutation that was resolved, in order. */
  resolved: string[];
  /** By SHA-256 of the key. */
  credentials: Map<string, Credential>;
  close(): Promise<void>;
};

/** Starts the subgraph on a free port, or on `port`. */
export async function startPeople(secret: string, port = 0): Promise<People> {
  const resolved: string[] = [];
  const credentials = new Map<string, Credential>();
  const notes = new Map<string, string[]>();
  const server = await createSubgraphServer<{ identity: Identity }>({
    name: 'people',
    typeDefs: peopleTypeDefs,
    resolvers: resolversOver({ resolved, credentials, notes }) as never,
    createContext: ({ identity }) => ({ identity }),
    identity: { secret },
    log: createLogger({ service: 'people', level: 'silent' }),
    metrics: createMetrics('people'),
    production: false,
    readiness: {},
  });
  const { url } = await server.listen(port, '127.0.0.1');
  return {
    url: `${url}/graphql`,
    ask: server.ask,
    resolved,
    credentials,
    close: () => server.close({ graceMs: 0 }),
  };
}

type Context = { identity: Identity };

function resolversOver(state: {
  resolved: string[];
  credentials: Map<string, Credential>;
  notes: Map<string, string[]>;
}) {
  const { resolved, credentials, notes } = state;
  const person = (id: string) => ({ __typename: 'Person', id, name: `Person ${id}` });
  const some = (count: number) => Array.from({ length: count }, (_, index) => person(`${index}`));
  const notesOf = ({ identity }: Context) => notes.get(`${identity.organizationId}`) ?? [];
  const query = {
    motto: () => 'On time',
    whoAmI: (_: unknown, _args: object, { identity }: Context) => identityText(identity),
    person: (_: unknown, { id }: { id: string }) => person(id),
    people: (_: unknown, { first }: { first: number }) => some(first),
    named: (_: unknown, { id }: { id: string }) => person(id),
    found: () => [person('1'), { __typename: 'Place', id: '2', name: 'Depot', phone: '0' }],
    notes: (_: unknown, _args: object, context: Context) => notesOf(context),
    paged: (_: unknown, { first }: { first: number }) => ({ nodes: some(first) }),
    expensive: () => 'x',
    broken: () => {
      throw new Error('connection to postgres://user:secret@db failed');
    },
    odd: () => ({ __typename: 'Person', id: '1', name: 'Odd' }),
    partnerCredential: (_: unknown, { keySha256 }: { keySha256: string }) =>
      credentials.get(keySha256) ?? null,
  };
  const mutation = {
    noteAdd(_: unknown, { text }: { text: string }, context: Context) {
      const all = [...notesOf(context), text];
      notes.set(`${context.identity.organizationId}`, all);
      return all;
    },
    beat: () => true,
  };
  return {
    Query: noting(query, resolved),
    Mutation: noting(mutation, resolved),
    Person: {
      __resolveReference: ({ id }: { id: string }) => person(id),
      phone: () => '555',
      salary: () => 1000,
      friends: (_: unknown, { first }: { first: number }) => some(first),
    },
    Named: { __resolveType: () => 'Person' },
  };
}

function identityText({ kind, organizationId, partnerId, driverId, scopes }: Identity): string {
  return [kind, organizationId, partnerId, driverId, scopes.join('+')].join('|');
}

function noting<R extends Record<string, (...args: never[]) => unknown>>(
  resolvers: R,
  resolved: string[],
): R {
  const entries = Object.entries(resolvers).map(([name, resolve]) => [
    name,
    (...args: never[]) => {
      resolved.push(name);
      return resolve(...args);
    },
  ]);
  return Object.fromEntries(entries) as R;
}
