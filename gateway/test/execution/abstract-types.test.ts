import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startGraph } from './graph.ts';
import { startHarbour } from './harbour/harbour.ts';
import type { HarbourRecord } from './harbour/records.ts';
import { newWorld } from './harbour/world.ts';
import type { SubgraphModel } from './harbour/world.ts';

const harbour = startHarbour();

test('an interface object gets its type from the subgraph that knows it, in the place of each', async () => {
  const { data, errors } = await harbour.ask('{ topCargo { __typename id stars } }');
  assert.deepEqual(errors, []);
  assert.deepEqual(data, {
    topCargo: [
      { __typename: 'Parcel', id: 'p1', stars: 4 },
      { __typename: 'Crate', id: 'c1', stars: 4 },
      null,
      { __typename: 'Barrel', id: 'b2', stars: 0 },
      { __typename: 'Parcel', id: 'p1', stars: 4 },
      { __typename: 'Crate', id: 'c3', stars: 1 },
    ],
  });
});

test('an interface object whose type nobody asks for costs one fetch', async () => {
  const { data, calls } = await harbour.ask('{ topCargo { id stars } }');
  assert.equal((data as { topCargo: unknown[] }).topCargo.length, 6);
  assert.deepEqual(
    calls.map(({ subgraph }) => subgraph),
    ['feed'],
  );
});

test('an interface object needs no type where nothing depends on it', async () => {
  const node = (typeDefs: string): SubgraphModel => ({
    name: 'nodes',
    typeDefs: `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])
      type Query { version: Int }
      interface Node @key(fields: "id") { id: ID! name: String }
      ${typeDefs}`,
    resolvers: {},
    references: {},
  });
  const found = { ref: '1', __typename: 'Node', id: '1', name: 'one' };
  const tags: SubgraphModel = {
    name: 'tags',
    typeDefs: `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@interfaceObject", "@shareable"])
      type Query { found: Node all: [Node!]! }
      type Node @key(fields: "id", resolvable: false) @interfaceObject { id: ID! name: String @shareable }`,
    resolvers: { Query: { found: () => found, all: () => [found, { ...found, name: null }] } },
    references: {},
  };
  const implementations = [
    '',
    // The answers of the two have other code: here a name may be null, there it may not.
    `type Fine implements Node @key(fields: "id") { id: ID! name: String! @shareable }
     type Coarse implements Node @key(fields: "id") { id: ID! name: String @shareable }`,
  ];
  for (const typeDefs of implementations) {
    const { data, errors } = await startGraph([node(typeDefs), tags]).ask(
      '{ found { id name } all { name } }',
    );
    assert.deepEqual(errors, []);
    assert.deepEqual(data, {
      found: { id: '1', name: 'one' },
      all: [{ name: 'one' }, { name: null }],
    });
  }
});

test('type conditions on an interface object choose by the type that another subgraph tells', async () => {
  const { data, errors } = await harbour.ask(`{
    topCargo { ... on Crate { inner { id } } ... on Barrel { litres } ... on Node { id } }
  }`);
  assert.deepEqual(errors, []);
  assert.deepEqual(data, {
    topCargo: [
      { id: 'p1' },
      { inner: { id: 'c2' } },
      null,
      { litres: 0 },
      { id: 'p1' },
      { inner: null },
    ],
  });
});

test('members of a union may use one response name for different fields', async () => {
  const { data, errors } = await harbour.ask(`{
    things {
      ... on Parcel { name: label of: owner { name: nick } }
      ... on Crate { name: label of: inner { name: label } }
      ... on Depot { name of: keeper { name } }
    }
  }`);
  assert.deepEqual(errors, []);
  assert.deepEqual((data as { things: unknown[] }).things.slice(0, 4), [
    { name: 'label of p1', of: { name: 'the "boss"\\' } },
    { name: 'Maas', of: { name: 'Bo\u2028Bo' } },
    { name: 'label of c1', of: { name: 'label of c2' } },
    null,
  ]);
});

test('an error of a field that was asked of objects of another type is none of the answer', async () => {
  const world = newWorld({
    faults: [
      {
        subgraph: 'feed',
        type: 'Person',
        field: 'wrote',
        effect: { kind: 'throws' },
        oneOf: 1,
        at: 0,
      },
    ],
  });
  const query = `{ cargo(id: "p2") {
    __typename owner { wrote { id } }
    ... on Barrel { owner { ofBarrels: wrote { id } boss { id } } }
  } }`;
  const { data, errors, calls } = await harbour.ask(query, { world });
  assert.ok(calls.some(({ body }) => body.match(/wrote/g)?.length === 3));
  assert.deepEqual(data, { cargo: { __typename: 'Parcel', owner: { wrote: null } } });
  assert.deepEqual(
    errors.map(({ path }) => path),
    [['cargo', 'owner', 'wrote']],
  );
});

test('what one type of an interface object requires is not asked of the others', async () => {
  const { data, errors, calls } = await harbour.ask(`{ things {
    ... on Crate { __typename notes { id } starText } ... on Parcel { prices { text } surcharge }
  } }`);
  assert.deepEqual(errors, []);
  const crates = (data as { things: ({ __typename?: string } | null)[] }).things.filter(
    (thing) => thing?.__typename === 'Crate',
  );
  assert.equal(crates.length, 2);
  const asked = calls.filter(({ subgraph }) => subgraph === 'feed').map(({ body }) => body);
  assert.ok(asked.length > 0 && asked.every((body) => !body.includes('"Parcel"')));
});

test('a union has other members in each subgraph, and none of them is lost', async () => {
  const { data, errors } = await harbour.ask(`{
    feedThings { __typename ... on Note { text } ... on Person { name } ... on Parcel { code } }
  }`);
  assert.deepEqual(errors, []);
  assert.deepEqual((data as { feedThings: unknown[] }).feedThings.slice(0, 2), [
    { __typename: 'Note', text: 'note n1' },
    { __typename: 'Person', name: 'Ada' },
  ]);
});

const pets: SubgraphModel = {
  name: 'pets',
  typeDefs: `#graphql
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [
      "@key" "@shareable" "@inaccessible"
    ])
    type Query { found(kind: Kind): Found @shareable all: [Found] moods: [Mood] pet: Pet }
    enum Kind { CAT DOG FISH }
    enum Mood { CALM WILD HIDDEN @inaccessible }
    union Found = Cat | Dog
    interface Pet { name: String }
    type Cat implements Pet @key(fields: "id") { id: ID! name: String lives: Int }
    type Dog implements Pet @shareable { name: String barks: Boolean }
    type Secret implements Pet @inaccessible { name: String }
  `,
  resolvers: {
    Query: {
      found: (_, { kind }) => (kind === 'CAT' ? cat() : dog()),
      all: () => [cat(), dog(), null],
      moods: () => ['CALM', 'HIDDEN', 'WILD'],
      pet: () => ({ ref: 's', __typename: 'Secret', name: 'hush' }),
    },
  },
  references: { Cat: () => cat() },
};

const shelter: SubgraphModel = {
  name: 'shelter',
  typeDefs: `#graphql
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key" "@shareable"])
    type Query { found(kind: Kind): Found @shareable guests: [Found] }
    enum Kind { CAT DOG }
    union Found = Cat | Bird
    type Cat @key(fields: "id") { id: ID! cage: Int! }
    type Bird @shareable { song: String }
  `,
  resolvers: {
    Query: {
      found: () => cat(),
      guests: () => [cat(), { ref: 'b', __typename: 'Bird', song: 'tweet' }],
    },
    Cat: { cage: () => 7 },
  },
  references: { Cat: () => cat() },
};

function cat(): HarbourRecord {
  return { ref: 'c', __typename: 'Cat', id: '1', name: 'Tom', lives: 9 };
}

function dog(): HarbourRecord {
  return { ref: 'd', __typename: 'Dog', name: 'Rex', barks: true };
}

const animals = startGraph([pets, shelter]);

test('an enum that is only given has the values that all subgraphs take', async () => {
  const { data } = await animals.ask('{ __type(name: "Kind") { enumValues { name } } }');
  assert.deepEqual(data, { __type: { enumValues: [{ name: 'CAT' }, { name: 'DOG' }] } });
});

test('a value of an enum that is not in the API is an error in its place', async () => {
  const { data, errors } = await animals.ask('{ moods }');
  assert.deepEqual(data, { moods: ['CALM', null, 'WILD'] });
  assert.deepEqual(
    errors.map(({ path }) => path),
    [['moods', 1]],
  );
});

test('an object of a type that is not in the API is an error', async () => {
  const { data, errors } = await animals.ask('{ pet { name } }');
  assert.deepEqual(data, { pet: null });
  assert.deepEqual(
    errors.map(({ path }) => path),
    [['pet']],
  );
});

test('an object that gives something else for its type is an error', async () => {
  for (const typeName of ['null', '7']) {
    const text = `{"data":{"pet":{"__typename":${typeName},"name":"Tom"}}}`;
    const { data, errors } = await animals.ask('{ pet { name } }', {
      intercept: async () => ({ kind: 'text', text }),
    });
    assert.deepEqual(data, { pet: null });
    assert.deepEqual(
      errors.map(({ path }) => path),
      [['pet']],
    );
  }
});

test('a field may be of one type in a subgraph and of any of several in another', async () => {
  const link = `extend schema
    @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])`;
  const book = { ref: 'b', __typename: 'Book', title: 'Emma', pages: 9 };
  const reader = { ref: 'r', __typename: 'Reader', id: 'r', book, books: [book] };
  const library: SubgraphModel = {
    name: 'library',
    typeDefs: `${link}
      type Query { book: Book @shareable reader: Reader @shareable }
      type Reader @key(fields: "id") { id: ID! book: Book @shareable books: [Book!] @shareable }
      type Book @shareable { title: String pages: Int }`,
    resolvers: { Query: { book: () => book, reader: () => reader } },
    references: { Reader: () => reader },
  };
  const wide = (media: string, book: string): SubgraphModel => ({
    name: 'media',
    typeDefs: `${link}
      type Query { book: Media @shareable other: Reader }
      type Reader @key(fields: "id") { id: ID! book: Media @shareable books: [Media!] @shareable }
      ${media}
      type Book ${book} @shareable { title: String }
      type Film ${book} { title: String }`,
    resolvers: { Query: { book: () => book, other: () => ({ ...reader, book: film }) } },
    references: { Reader: () => ({ ...reader, book: film }) },
  });
  const film = { ref: 'f', __typename: 'Film', title: 'Clueless' };
  const inUnion = wide('union Media = Book | Film', '');
  const inInterface = wide('interface Media { title: String }', 'implements Media');
  for (const media of [inUnion, inInterface]) {
    const graph = startGraph([library, media]);
    const { data, errors } = await graph.ask(`{
      book { ... on Book { title } ... on Film { title } }
      reader { book { __typename ... on Book { title pages } } books { ... on Book { title } } }
    }`);
    assert.deepEqual(errors, []);
    assert.deepEqual(data, {
      book: { title: 'Emma' },
      reader: {
        book: { __typename: 'Book', title: 'Emma', pages: 9 },
        books: [{ title: 'Emma' }],
      },
    });
  }
});

test('members that only one subgraph knows are asked of no other', async () => {
  const { data, errors } = await animals.ask(`{
    guests { __typename ... on Cat { name cage } ... on Bird { song } ... on Dog { barks } }
    all { ... on Cat { cage } ... on Dog { barks } ... on Bird { song } }
  }`);
  assert.deepEqual(errors, []);
  assert.deepEqual(data, {
    guests: [
      { __typename: 'Cat', name: 'Tom', cage: 7 },
      { __typename: 'Bird', song: 'tweet' },
    ],
    all: [{ cage: 7 }, { barks: true }, null],
  });
});
