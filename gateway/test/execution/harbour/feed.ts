import { askedFor, listed, recordOf, recordsOf } from './records.ts';
import type { HarbourRecord } from './records.ts';
import { tick } from './world.ts';
import type { SubgraphModel } from './world.ts';

const typeDefs = `#graphql
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [
    "@key" "@shareable" "@external" "@requires" "@provides" "@interfaceObject" "@override"
  ])

  type Query {
    notes(first: Int = 3): [Note!]!
    note(id: ID!): Note
    topCargo: [Cargo]
    feedThings: [Thing!]
    version: String! @shareable
  }
  type Mutation {
    addNote(input: NoteInput!): Note
    feedTick: Int!
  }
  input NoteInput { about: ID!, text: String! = "", lang: Lang = constructor }
  enum Lang { EN NL constructor toString }
  interface Node { id: ID! }
  union Thing = Note | Person
  type Cargo @key(fields: "id") @interfaceObject {
    id: ID!
    weightKg: Float @external
    notes(first: Int = 2): [Note!]!
    stars: Int
    starText: String @requires(fields: "weightKg")
  }
  type Note implements Node @key(fields: "id") {
    id: ID!
    text: String!
    about: Cargo!
    author: Person! @provides(fields: "nick")
    reply: Note
    lang: Lang
    pinned: Boolean @override(from: "crew")
  }
  type Person @key(fields: "id") {
    id: ID!
    nick: String @external
    wrote: [Note!]
  }
`;

/** Notes about cargo, whose kinds it does not know: there is one object for the whole interface. */
export const feed: SubgraphModel = {
  name: 'feed',
  typeDefs,
  resolvers: {
    Query: {
      notes: (_, { first }) => listed('Note').slice(0, Number(first ?? 1)),
      note: (_, { id }) => askedFor(id, 'Note'),
      topCargo: () => [...recordsOf(['p1', 'c1']), null, ...recordsOf(['b2', 'p1', 'c3'])],
      feedThings: () => recordsOf(['n1', 'u1', 'n2', 'u3', 'u1']),
      version: () => 'v1',
    },
    Mutation: {
      addNote(_, { input }, world) {
        tick(world, `note ${JSON.stringify(input)}`);
        return recordOf('n2');
      },
      feedTick: (_, _args, world) => tick(world, 'feed'),
    },
    Cargo: {
      notes: (cargo, { first }) => recordsOf(cargo['noteRefs']).slice(0, Number(first ?? 0)),
      starText: ({ stars, weightKg }) => starTextOf(stars, weightKg),
    },
    Note: {
      about: (note) => recordOf(note['aboutRef']),
      author: (note) => recordOf(note['authorRef']),
      reply: (note) => recordOf(note['replyRef']),
    },
    Person: {
      wrote: ({ id }) => listed('Note').filter((note) => note['authorRef'] === id),
    },
  },
  references: {
    Cargo: ({ id }) => withoutWeight(recordOf(id)),
    Note: ({ id }) => askedFor(id, 'Note'),
    Person: ({ id }) => recordOf(id),
  },
};

/** Stars against the weight; null without a weight. */
export function starTextOf(stars: unknown, weightKg: unknown): string | null {
  return typeof weightKg === 'number' ? `${String(stars)} at ${weightKg}` : null;
}

function withoutWeight(cargo: HarbourRecord | null): HarbourRecord | null {
  if (!cargo) return null;
  const { weightKg: _, ...known } = cargo;
  return known;
}
