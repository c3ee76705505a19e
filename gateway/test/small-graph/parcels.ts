import { EventEmitter, on } from 'node:events';
import { createSubgraphServer } from '@quantumroute/ops/subgraph-server';
import type { Identity } from '@quantumroute/ops/identity';
import { createLogger } from '@quantumroute/ops/log';
import { createMetrics } from '@quantumroute/ops/metrics';
import { liveParcels, newMemory } from './live-parcels.ts';
import type { Memory, ParcelRow } from './live-parcels.ts';

/** A subgraph about parcels, whose changes can be watched. */
export const parcelsTypeDefs = `#graphql
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [
    "@key", "@shareable", "@requiresScopes", "@listSize"
  ])
  directive @cacheControl(maxAge: Int, scope: CacheControlScope, inheritMaxAge: Boolean) on FIELD_DEFINITION | OBJECT | INTERFACE | UNION
  enum CacheControlScope { PUBLIC PRIVATE }

  type Query {
    parcel(id: ID!): Parcel
    parcels(first: Int! = 10, among: [ID!]): [Parcel!]! @listSize(slicingArguments: ["first"])
  }
  type Mutation { parcelMove(id: ID!, status: String!): Parcel }
  type Subscription {
    parcelUpdated(id: ID!): Parcel! @requiresScopes(scopes: [["parcels"]])
    parcelsUpdated: Parcel!
    parcelWatched(id: ID!): Parcel!
    parcelsMoved: Parcel!
  }
  type Parcel @key(fields: "id") {
    id: ID!
    status: String!
    secret: String @requiresScopes(scopes: [["pii"]])
    recipient: Person
  }
  type Person @key(fields: "id", resolvable: false) { id: ID! }
`;

/** What a test may look at and change. */
export type Parcels = {
  url: string;
  port: number;
  statuses: Map<string, string>;
  /** Changes a parcel; DELIVERED ends its subscription. */
  move(id: string, status: string): void;
  /** Subscriptions being served. */
  open(): Promise<number>;
  identities: Identity[];
  memory: Memory;
  close(): Promise<void>;
};

/** Starts the subgraph on a free port, or on `port`, with what an earlier one remembers. */
export async function startParcels(
  secret: string,
  port = 0,
  memory = newMemory(),
): Promise<Parcels> {
  const { statuses } = memory;
  const identities: Identity[] = [];
  const changes = new EventEmitter().setMaxListeners(0);
  const metrics = createMetrics('parcels');
  const move = (id: string, status: string): void => {
    statuses.set(id, status);
    memory.history.push(id);
    changes.emit('change', id);
  };
  const server = await createSubgraphServer<{ identity: Identity; signal: AbortSignal }>({
    name: 'parcels',
    typeDefs: parcelsTypeDefs,
    resolvers: resolversOver({ memory, changes, identities, move }) as never,
    createContext: ({ identity, signal }) => ({ identity, signal }),
    identity: { secret },
    log: createLogger({ service: 'parcels', level: 'error' }),
    metrics,
    production: false,
    readiness: {},
  });
  const { url, port: listening } = await server.listen(port, '127.0.0.1');
  return {
    url: `${url}/graphql`,
    port: listening,
    statuses,
    move,
    async open() {
      const { values } = await metrics.openSubscriptions.get();
      return values.reduce((sum, { value }) => sum + value, 0);
    },
    identities,
    memory,
    close: () => server.close({ graceMs: 0 }),
  };
}

function resolversOver(state: {
  memory: Memory;
  changes: EventEmitter;
  identities: Identity[];
  move: (id: string, status: string) => void;
}) {
  const { memory, changes, identities, move } = state;
  const { statuses } = memory;
  const sources = liveParcels(memory, changes);
  const parcel = (id: string) => ({ id, status: statuses.get(id) ?? 'CREATED' });
  const ids = (count: number) => Array.from({ length: count }, (_, index) => `${index}`);

  async function* changesOf(id: string | null, signal: AbortSignal) {
    const events = on(changes, 'change', { signal });
    if (id !== null) yield id;
    if (id !== null && statuses.get(id) === 'DELIVERED') return;
    try {
      for await (const [changed] of events as AsyncIterable<[string]>) {
        if (id !== null && changed !== id) continue;
        yield changed;
        if (id !== null && statuses.get(changed) === 'DELIVERED') return;
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  const subscription = (name: string, idOf: (args: { id?: string }) => string | null) => ({
    subscribe: (
      _: unknown,
      args: { id?: string },
      { identity, signal }: { identity: Identity; signal: AbortSignal },
    ) => {
      identities.push(identity);
      return changesOf(idOf(args), signal);
    },
    resolve: (id: string) => parcel(id),
    name,
  });

  return {
    Query: {
      parcel: (_: unknown, { id }: { id: string }) => parcel(id),
      parcels: (_: unknown, { first }: { first: number }) => ids(first).map(parcel),
    },
    Mutation: {
      parcelMove(_: unknown, { id, status }: { id: string; status: string }) {
        move(id, status);
        return parcel(id);
      },
    },
    Subscription: {
      parcelUpdated: subscription('parcelUpdated', ({ id = '' }) => id),
      parcelsUpdated: subscription('parcelsUpdated', () => null),
      parcelWatched: {
        subscribe: (_: unknown, { id }: { id: string }) => sources.one(id),
        resolve: ({ id }: ParcelRow) => parcel(id),
      },
      parcelsMoved: { subscribe: () => sources.all(), resolve: parcel },
    },
    Parcel: { secret: () => 'hidden', recipient: ({ id }: { id: string }) => ({ id }) },
  };
}
