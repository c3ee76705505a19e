import { askedFor, listed, recordOf, recordsOf } from './records.ts';
import type { HarbourRecord } from './records.ts';
import { tick } from './world.ts';
import type { SubgraphModel } from './world.ts';

const typeDefs = `#graphql
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key" "@shareable"])

  type Query {
    staff: [Named!]!
    person(id: ID!): Person
    people(ids: [ID]!): [Person]
    version: String! @shareable
  }
  type Mutation {
    promote(id: ID!): Person!
    crewTick: Int!
  }
  enum Role { DRIVER GUARD ADMIN }
  interface Node { id: ID! }
  interface Named { name: String! }
  type Person implements Node & Named @key(fields: "id") {
    id: ID!
    name: String!
    nick: String @shareable
    role: Role!
    boss: Person
    team: [Person!]
    teams: [[Person!]!]!
    base: Depot
    carries: [Parcel]
  }
  type Note @key(fields: "id") { id: ID! pinned: Boolean }
  type Parcel @key(fields: "code", resolvable: false) { code: String! }
  type Site @shareable { country: String! code: ID! }
  type Depot @key(fields: "site { country code }") { site: Site! }
`;

/** The people. They know parcels by their code only, and depots by a nested key. */
export const crew: SubgraphModel = {
  name: 'crew',
  typeDefs,
  resolvers: {
    Query: {
      staff: () => listed('Person'),
      person: (_, { id }) => personOf(id),
      people: (_, { ids }) => (ids as unknown[]).map(personOf),
      version: () => 'v1',
    },
    Mutation: {
      promote(_, { id }, world) {
        tick(world, `promote ${String(id)}`);
        return personOf(id);
      },
      crewTick: (_, _args, world) => tick(world, 'crew'),
    },
    Person: {
      boss: (person) => recordOf(person['bossRef']),
      team: (person) => person['teamRefs'] && recordsOf(person['teamRefs']),
      teams: (person) => [recordsOf(person['teamRefs'] ?? []), [person]],
      base: (person) => recordOf(person['baseRef']),
      carries: (person) => person['carriesRefs'] && recordsOf(person['carriesRefs']),
    },
  },
  references: {
    Person: ({ id }) => recordOf(id),
    // Overridden by feed: whoever asks for `pinned` here gets what no oracle says.
    Note: ({ id }) => ({ ref: String(id), __typename: 'Note', id, pinned: id !== 'n1' }),
  },
};

function personOf(id: unknown): HarbourRecord | null {
  const record = askedFor(id, 'Person');
  return record?.['ghostOf'] === undefined ? record : null;
}
