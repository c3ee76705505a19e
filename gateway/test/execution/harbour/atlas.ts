import { listed, recordOf, recordsOf } from './records.ts';
import type { HarbourRecord } from './records.ts';
import type { SubgraphModel } from './world.ts';

const typeDefs = `#graphql
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [
    "@key" "@shareable" "@external" "@requires"
  ])

  type Query {
    depots(first: Int = 2): [Depot!]!
    depot(country: String!, code: ID!): Depot
    version: String! @shareable
    latest: Parcel @shareable
    recent: [Parcel!]! @shareable
  }
  interface Named { name: String! }
  type Site @shareable { country: String! code: ID! }
  type Depot implements Named @key(fields: "site { country code }") {
    site: Site!
    name: String!
    capacity: Int
    nearest(first: Int! = 2): [Depot!]!
    map: [[Depot]]
    keeper: Person
    limits: Limits!
  }
  type Limits { hours: [[Int!]!]! note: String }
  type Person @key(fields: "id") { id: ID! }
  type Parcel @key(fields: "id") {
    id: ID!
    toll: Float @external
    surcharge: Float @requires(fields: "toll")
  }
`;

/** Where the depots are. Its surcharge is made of a toll that is itself made of a weight. */
export const atlas: SubgraphModel = {
  name: 'atlas',
  typeDefs,
  resolvers: {
    Query: {
      depots: (_, { first }) => listed('Depot').slice(0, Number(first ?? 1)),
      depot: (_, { country, code }) => depotAt(country, code),
      version: () => 'v1',
      latest: () => recordOf('p2'),
      recent: () => recordsOf(['p1', 'p3', 'p1']),
    },
    Depot: {
      nearest: (depot, { first }) => recordsOf(depot['nearestRefs']).slice(0, Number(first)),
      map: (depot) => (depot['mapRefs'] as unknown[]).map((row) => row && recordsOf(row)),
      keeper: (depot) => recordOf(depot['keeperRef']),
      limits: (depot) => limitsOf(depot),
    },
    Parcel: { surcharge: ({ toll }) => surchargeOf(toll) },
  },
  references: {
    Depot({ site }) {
      const { country, code } = site as { country: string; code: string };
      return country === 'XX' ? recordOf('d5') : depotAt(country, code);
    },
    Parcel: ({ id }) => ({ ref: String(id), __typename: 'Parcel', id }),
  },
};

/** A tenth of the toll, and one; null without a toll. */
export function surchargeOf(toll: unknown): number | null {
  return typeof toll === 'number' ? toll / 10 + 1 : null;
}

function depotAt(country: unknown, code: unknown): HarbourRecord | null {
  const isThere = (depot: HarbourRecord) => {
    const site = depot['site'] as { country: string; code: string };
    return site.country === country && site.code === code;
  };
  return listed('Depot').find(isThere) ?? null;
}

function limitsOf({ ref }: HarbourRecord): HarbourRecord {
  const opensAt = ref.charCodeAt(1) % 12;
  return { ref: `${ref} limits`, __typename: 'Limits', hours: [[opensAt, 20], []], note: null };
}
