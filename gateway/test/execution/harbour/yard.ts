import { RECORDS, askedFor, listed, recordOf, recordsOf } from './records.ts';
import type { HarbourRecord } from './records.ts';
import { tick } from './world.ts';
import type { Resolver, SubgraphModel } from './world.ts';

const typeDefs = `#graphql
  extend schema
    @link(url: "https://specs.apollo.dev/federation/v2.9", import: [
      "@key" "@shareable" "@inaccessible" "@composeDirective"
    ])
    @link(url: "https://specs.quantumroute.example/oneOf/v1.0", import: ["@oneOf"])
    @composeDirective(name: "@oneOf")
  directive @oneOf on INPUT_OBJECT

  type Query {
    parcel(id: ID!): Parcel
    parcels(first: Int = 3, kinds: [Kind!]): [Parcel!]!
    cargo(id: ID = "c1"): Cargo
    cargos(first: Int! = 4): [Cargo]
    things: [Thing]
    shelves: [[Cargo]!]
    cube: [[[Int!]]!]!
    noCargo: [Cargo!]!
    nothing: String
    nobody: Person
    must: Must!
    maybe: Must
    echo(
      text: String = "…\\u2028\\"\\\\", number: Float, whole: Int, flag: Boolean, ids: [ID!],
      nested: [[Int]], blob: Json, kind: Kind, filter: Filter = { minKg: 0.5 }, pick: Pick, unit: Unit
    ): String
    node(id: ID!): Node
    blobs: [Json]
    version: String! @shareable
    latest: Thing @shareable
    recent: [Thing!]! @shareable
  }
  type Mutation {
    relabel(id: ID!, label: String!): Relabelled!
    yardTick: Int!
  }
  type Relabelled { at: Int! parcel: Parcel }

  scalar Json
  enum Kind { SMALL LARGE SECRET @inaccessible }
  enum Unit { CM INCH MM }
  input Filter { kind: Kind = LARGE, minKg: Float, labels: [String!] = ["x"], any: [Filter!], deep: Filter }
  input Pick @oneOf { id: ID, labels: [String], filter: Filter, whole: Int }

  interface Node { id: ID! }
  interface Cargo @key(fields: "id") {
    id: ID!
    label: String!
    weightKg: Float
    kind: Kind!
    owner: Person
    depot: Depot
  }
  type Parcel implements Cargo & Node @key(fields: "id") @key(fields: "code") {
    id: ID!
    code: String!
    label: String!
    weightKg: Float
    kind: Kind!
    owner: Person
    depot: Depot
    packing: [Box!]
    seal: Seal
    measure(unit: Unit! = CM): Int
    secret: String @inaccessible
  }
  type Crate implements Cargo @key(fields: "id") {
    id: ID!
    label: String!
    weightKg: Float
    kind: Kind!
    owner: Person
    depot: Depot
    contents: [Cargo!]!
    inner: Crate
  }
  type Barrel implements Cargo @key(fields: "id") {
    id: ID!
    label: String!
    weightKg: Float
    kind: Kind!
    owner: Person
    depot: Depot
    litres: Int!
    fill: [[Float!]!]!
  }
  union Thing = Parcel | Crate | Depot
  union Seal = Wax | Lock
  type Wax @shareable { color: String }
  type Lock @shareable { pins: Int maker: Maker }
  type Maker @shareable { name: String }
  type Box @shareable { width: Int height: Int }
  type Site @shareable { country: String! code: ID! }
  type Depot @key(fields: "site { country code }") { site: Site! }
  type Person @key(fields: "id") { id: ID! }

  type Must {
    leaf: Int!
    soft: Int
    deep: Must!
    list: [Must!]!
    softList: [Must]!
    matrix: [[Must!]!]!
    opt: Must
    optList: [Must!]
    optMatrix: [[Must]!]
  }
`;

/** The goods: parcels with two keys, crates and barrels, behind an interface that is an entity. */
export const yard: SubgraphModel = {
  name: 'yard',
  typeDefs,
  resolvers: {
    Query: {
      parcel: (_, { id }) => askedFor(id, 'Parcel'),
      parcels: (_, { first, kinds }) => firstParcels(first, kinds),
      cargo: (_, { id }) => askedFor(id, ...CARGO),
      cargos: (_, { first }) => listed(...CARGO).slice(0, Number(first)),
      things: () => [...recordsOf(['p1', 'd1', 'c1']), null, ...recordsOf(['p2', 'c3', 'p1'])],
      shelves: () => [recordsOf(['p1', 'b1', null]), [], recordsOf(['c2', 'p1', 'p3', 'b2'])],
      cube: () => [[[1, 2], null, []], [], [[-5]]],
      noCargo: () => [],
      nothing: () => null,
      nobody: () => null,
      must: () => mustOf('m'),
      maybe: () => mustOf('o'),
      echo: (_, args) => JSON.stringify(args),
      node: (_, { id }) => askedFor(id, 'Parcel'),
      blobs: () => [
        { a: [1, 'x', null], constructor: '"' },
        'text',
        1e21,
        true,
        [],
        {},
        null,
        -0.5,
      ],
      version: () => 'v1',
      latest: () => recordOf('p2'),
      recent: () => recordsOf(['p1', 'p3', 'p1']),
    },
    Mutation: {
      relabel: (_, { id, label }, world) => ({
        ref: `relabel ${String(id)}`,
        at: tick(world, `relabel ${String(id)} ${String(label)}`),
        parcel: askedFor(id, 'Parcel'),
      }),
      yardTick: (_, _args, world) => tick(world, 'yard'),
    },
    Parcel: { ...cargoFields(), measure: (parcel, { unit }) => measureOf(parcel, unit) },
    Crate: {
      ...cargoFields(),
      contents: (crate) => recordsOf(crate['contentRefs']),
      inner: (crate) => recordOf(crate['innerRef']),
    },
    Barrel: cargoFields(),
    Must: {
      leaf: (must) => must.ref.length,
      soft: (must) => (must.ref.length % 2 === 0 ? null : 1),
      deep: (must) => mustOf(`${must.ref}d`),
      list: (must) => [mustOf(`${must.ref}l0`), mustOf(`${must.ref}l1`)],
      softList: (must) => [mustOf(`${must.ref}s0`), null],
      matrix: (must) => [[mustOf(`${must.ref}x00`)], [], [mustOf(`${must.ref}x20`)]],
      opt: (must) => mustOf(`${must.ref}o`),
      optList: (must) => [mustOf(`${must.ref}p0`), mustOf(`${must.ref}p1`)],
      optMatrix: (must) => [[mustOf(`${must.ref}q00`), null], []],
    },
  },
  references: {
    Parcel: ({ id, code }) => cargoOf(id ?? String(code).slice('code '.length), ['Parcel']),
    Crate: ({ id }) => cargoOf(id, ['Crate']),
    Barrel: ({ id }) => cargoOf(id, ['Barrel']),
    Cargo: ({ id }) => cargoOf(id, CARGO),
  },
};

/** How long a parcel is, in whole units. */
export function measureOf(parcel: HarbourRecord, unit: unknown): number {
  return Math.round(Number(parcel['size']) / (unit === 'INCH' ? 2.54 : 1));
}

const CARGO = ['Parcel', 'Crate', 'Barrel'];

function cargoFields(): Record<string, Resolver> {
  return {
    owner: (cargo) => recordOf(cargo['ownerRef']),
    depot: (cargo) => recordOf(cargo['depotRef']),
  };
}

function cargoOf(id: unknown, types: readonly string[]): HarbourRecord | null {
  const record = RECORDS.get(String(id));
  return record && types.includes(record.__typename) ? record : null;
}

function firstParcels(first: unknown, kinds: unknown): HarbourRecord[] {
  const wanted = (parcel: HarbourRecord) => !Array.isArray(kinds) || kinds.includes(parcel['kind']);
  return listed('Parcel')
    .filter(wanted)
    .slice(0, Number(first ?? 2));
}

function mustOf(ref: string): HarbourRecord {
  return { ref, __typename: 'Must' };
}
