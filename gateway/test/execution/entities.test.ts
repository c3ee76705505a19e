import assert from 'node:assert/strict';
import { test } from 'node:test';
import { question, startGraph } from './graph.ts';
import type { Intercept } from './graph.ts';
import { startHarbour } from './harbour/harbour.ts';
import { newWorld } from './harbour/world.ts';
import type { SubgraphModel } from './harbour/world.ts';

const harbour = startHarbour();

test('an entity in several places is asked for once and answered in each', async () => {
  const { data, errors, calls } = await harbour.ask('{ shelves { id owner { name } } }');
  assert.deepEqual(errors, []);
  assert.deepEqual(data, {
    shelves: [
      [{ id: 'p1', owner: { name: 'Ada' } }, { id: 'b1', owner: { name: '' } }, null],
      [],
      [
        { id: 'c2', owner: { name: 'Bo\u2028Bo' } },
        { id: 'p1', owner: { name: 'Ada' } },
        { id: 'p3', owner: { name: 'Çağla 🚢' } },
        { id: 'b2', owner: { name: 'Çağla 🚢' } },
      ],
    ],
  });
  const representations = representationsOf(calls[1]?.body);
  assert.equal(representations.length, 4);
  assert.equal(new Set(representations.map((it) => JSON.stringify(it))).size, 4);
});

test('an error of an entity is told at each place that it has', async () => {
  const where = { subgraph: 'crew', type: 'Person', field: 'role', oneOf: 1, at: 0 };
  const world = newWorld({ faults: [{ ...where, effect: { kind: 'throws' } }] });
  const { data, errors } = await harbour.ask(
    '{ boxes: shelves { who: owner { nick job: role } } }',
    { world },
  );
  const nobody = { who: null };
  assert.deepEqual(data, {
    boxes: [[nobody, nobody, null], [], [nobody, nobody, nobody, nobody]],
  });
  const paths = [
    [0, 0],
    [0, 1],
    [2, 0],
    [2, 1],
    [2, 2],
    [2, 3],
  ];
  assert.deepEqual(
    new Set(errors.map(({ path }) => path?.join('.'))),
    new Set(paths.map((at) => ['boxes', ...at, 'who', 'job'].join('.'))),
  );
});

test('an answer that is shared tells each step of its own entities only', async () => {
  const fault = { subgraph: 'atlas', type: 'Depot', field: 'name', oneOf: 1, at: 0 } as const;
  const world = newWorld({ faults: [{ ...fault, effect: { kind: 'null' } }] });
  const query = '{ things { ... on Crate { depot { name } owner { base { name } } } } }';
  const { errors, calls } = await harbour.ask(query, { world });
  const asked = calls.filter(({ subgraph }) => subgraph === 'atlas').map(({ body }) => body);
  assert.match(asked[0] ?? '', /"code":"1".*"code":"2"|"code":"2".*"code":"1"/);
  const paths = errors.map(({ path }) => String(path));
  assert.deepEqual(paths.toSorted(), [
    'things,2,depot,name',
    'things,2,owner,base,name',
    'things,5,depot,name',
    'things,5,owner,base,name',
  ]);
});

test('an entity that is lost by a field of other types is told where it is missing', async () => {
  const { data, errors } = await harbour.ask(
    `{ things { ... on Parcel { few: notes(first: 1) { id } } ... on Crate { stars all: notes { id } } } }`,
    {
      async intercept({ subgraph, body }, honest) {
        const text = await honest();
        const [found, few = 'notes'] = /(?:(\w+):)?notes\(first:1\)/.exec(body) ?? [];
        if (subgraph !== 'feed' || found === undefined) return { kind: 'text', text };
        const crate = representationsOf(body).findIndex((it) => it['id'] === 'c1');
        const answer = JSON.parse(text) as { data: { _entities: unknown[] } };
        answer.data._entities[crate] = null;
        const error = { message: 'no notes', path: ['_entities', crate, few, 0, 'id'] };
        return { kind: 'text', text: JSON.stringify({ ...answer, errors: [error] }) };
      },
    },
  );
  const { things } = data as { things: unknown[] };
  assert.equal(things[2], null);
  assert.deepEqual(
    errors.map(({ path }) => path?.join('.')),
    ['things.2.stars', 'things.2.all'],
  );
});

test('a fetch that fails is told of nowhere if nobody misses what it was for', async () => {
  const { data, errors, calls } = await harbour.ask(
    '{ cargos(first: 1) { ... on Barrel { notes { author { name } } } few: notes(first: 0) { id } } }',
    {
      intercept: async ({ subgraph }, honest) =>
        subgraph === 'crew'
          ? { kind: 'fault', fault: 'unreachable' }
          : { kind: 'text', text: await honest() },
    },
  );
  // Feed knows no types of cargo, so that the authors of all notes are asked for.
  assert.ok(calls.some(({ subgraph }) => subgraph === 'crew'));
  assert.deepEqual([data, errors], [{ cargos: [{ few: [] }] }, []]);
});

test('one entity may fail in two fields, each with an error of its own', async () => {
  const fault = (field: string) => ({
    subgraph: 'crew',
    type: 'Person',
    field,
    oneOf: 1,
    at: 0,
    effect: { kind: 'throws' } as const,
  });
  const world = newWorld({ faults: [fault('boss'), fault('team')] });
  const { data, errors } = await harbour.ask(
    '{ parcel(id: "p1") { owner { boss { id } name team { id } } } }',
    { world },
  );
  assert.deepEqual(data, { parcel: { owner: { boss: null, name: 'Ada', team: null } } });
  assert.deepEqual(
    new Set(errors.map(({ path }) => path?.join('.'))),
    new Set(['parcel.owner.boss', 'parcel.owner.team']),
  );
});

test('an entity that a subgraph does not know has null where null may be', async () => {
  const world = newWorld({ ghosts: true });
  const { data, errors } = await harbour.ask(
    '{ parcel(id: "p2") { owner { id boss { id } wrote { id } } } }',
    { world },
  );
  assert.deepEqual(data, { parcel: { owner: { id: 'u7', boss: null, wrote: [] } } });
  assert.deepEqual(errors, []);
});

test('an entity that a subgraph does not know is an error where null may not be', async () => {
  const world = newWorld({ ghosts: true });
  const { data, errors } = await harbour.ask('{ parcel(id: "p2") { id owner { id name } } }', {
    world,
  });
  assert.deepEqual(data, { parcel: { id: 'p2', owner: null } });
  assert.deepEqual(
    errors.map(({ path }) => path),
    [['parcel', 'owner', 'name']],
  );
});

test('an entity that does not exist is not asked for by what it would have', async () => {
  const sdl = (names: string) =>
    `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [${names}])`;
  const shop: SubgraphModel = {
    name: 'shop',
    typeDefs: `${sdl('"@key"')}
      type Query { books: [Book] }
      type Book @key(fields: "upc") { upc: ID! }`,
    resolvers: {
      Query: { books: () => ['1', '2'].map((upc) => ({ ref: upc, __typename: 'Book', upc })) },
    },
    references: {},
  };
  const shelf: SubgraphModel = {
    name: 'shelf',
    typeDefs: `${sdl('"@key"')}
      type Book @key(fields: "upc") @key(fields: "id") { upc: ID! id: ID pages: Int }`,
    resolvers: {},
    references: {
      Book: ({ upc }) =>
        upc === '1' ? { ref: '1', __typename: 'Book', upc, id: 'b1', pages: 9 } : null,
    },
  };
  const press: SubgraphModel = {
    name: 'press',
    typeDefs: `${sdl('"@key", "@external", "@requires"')}
      type Book @key(fields: "id") {
        id: ID
        author: String
        pages: Int @external
        weight: Int @requires(fields: "pages")
      }`,
    resolvers: {
      Book: {
        author: ({ id }) => `of ${String(id)}`,
        weight: ({ pages }) => Number(pages) * 2,
      },
    },
    references: { Book: (book) => ({ ...book, ref: String(book['id']) }) },
  };
  const { data, errors, calls } = await startGraph([shop, shelf, press]).ask(
    '{ books { upc pages author weight } }',
  );
  assert.deepEqual(errors, []);
  assert.deepEqual(data, {
    books: [
      { upc: '1', pages: 9, author: 'of b1', weight: 18 },
      { upc: '2', pages: null, author: null, weight: null },
    ],
  });
  const asked = calls.filter(({ subgraph }) => subgraph === 'press');
  for (const { body } of asked) assert.equal(representationsOf(body).length, 1);
});

test('no entities need no fetch', async () => {
  const { data, calls } = await harbour.ask(`{
    noCargo { stars owner { name } } nobody { name boss { name } } parcels(kinds: []) { price { amount } }
  }`);
  assert.deepEqual(data, { noCargo: [], nobody: null, parcels: [] });
  assert.deepEqual(
    calls.map(({ subgraph }) => subgraph),
    ['yard'],
  );
});

test('a key inside of a key leads to the entity', async () => {
  const { data, errors } = await harbour.ask(
    '{ person(id: "u3") { base { name site { code } capacity } } }',
  );
  assert.deepEqual(errors, []);
  assert.deepEqual(data, {
    person: { base: { name: 'Waal', site: { code: '2' }, capacity: null } },
  });
});

test('a subgraph with another key is reached by way of one that has both', async () => {
  const { data, errors, calls } = await harbour.ask(
    '{ person(id: "u3") { carries { price { currency } } } }',
  );
  assert.deepEqual(errors, []);
  const price = { price: { currency: 'EUR' } };
  assert.deepEqual(data, { person: { carries: [price, null, price, price] } });
  assert.deepEqual(
    calls.map(({ subgraph }) => subgraph),
    ['crew', 'yard', 'tariff'],
  );
});

const entities = (change: (entities: unknown[]) => unknown): Intercept => {
  return async (call, honest) => {
    const text = await honest();
    if (call.subgraph !== 'crew') return { kind: 'text', text };
    const { data } = JSON.parse(text) as { data: { _entities: unknown[] } };
    return { kind: 'text', text: JSON.stringify({ data: { _entities: change(data._entities) } }) };
  };
};

test('a subgraph is asked again by a key that it takes, whatever other keys it has', async () => {
  const link = `extend schema
    @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@external", "@requires"])`;
  const dock = { ref: 'd', __typename: 'Dock', number: 1, code: 'x', pier: 'north' };
  const port: SubgraphModel = {
    name: 'port',
    typeDefs: `${link}
      type Query { dock: Dock }
      type Dock
        @key(fields: "number", resolvable: false)
        @key(fields: "code pier")
        @key(fields: "code", resolvable: false) {
        number: Int! code: ID! pier: String! depth: Int @external
        berths: Int @requires(fields: "depth")
      }`,
    resolvers: {
      Query: { dock: () => dock },
      Dock: { berths: ({ depth }) => Number(depth) * 2 },
    },
    references: {
      Dock: (representation) =>
        representation['pier'] === undefined ? null : { ...dock, depth: representation['depth'] },
    },
  };
  const survey: SubgraphModel = {
    name: 'survey',
    typeDefs: `${link} type Dock @key(fields: "code") { code: ID! depth: Int }`,
    resolvers: { Dock: { depth: () => 12 } },
    references: { Dock: (representation) => ({ ...representation, ref: 'd' }) },
  };
  const { data, errors } = await startGraph([port, survey]).ask('{ dock { berths } }');
  assert.deepEqual([data, errors], [{ dock: { berths: 24 } }, []]);
});

test('of an answer with more or fewer entities than were asked for nothing is believed', async () => {
  const fewer = entities((all) => all.slice(0, -1));
  const more = entities((all) => [...all, { name: 'Eve' }]);
  for (const intercept of [fewer, more]) {
    const { data, errors } = await harbour.ask('{ parcels { id owner { name } } }', { intercept });
    assert.deepEqual(data, {
      parcels: ['p1', 'p2', 'p3'].map((id) => ({ id, owner: null })),
    });
    assert.ok(errors.length > 0);
    assert.ok(errors.every(({ path }) => path?.[0] === 'parcels'));
  }
});

const shop: SubgraphModel = {
  name: 'shop',
  typeDefs: `#graphql
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key" "@shareable"])
    type Query { books: [Book] }
    type Book @key(fields: "isbn") @key(fields: "ean") { isbn: ID ean: ID title: String }
  `,
  resolvers: {
    Query: {
      books: () => [
        { ref: '1', __typename: 'Book', isbn: '1', ean: null, title: 'both unknown' },
        { ref: '2', __typename: 'Book', isbn: null, ean: null, title: 'no key' },
        { ref: '3', __typename: 'Book', isbn: '3', ean: '33', title: 'known' },
      ],
    },
  },
  references: {},
};

const press: SubgraphModel = {
  name: 'press',
  typeDefs: `#graphql
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key" "@shareable"])
    type Book @key(fields: "isbn") { isbn: ID pages: Int }
  `,
  resolvers: { Book: { pages: ({ isbn }) => Number(isbn) * 100 } },
  references: { Book: (book) => (book['isbn'] === '3' ? book : null) },
};

test('an entity with a null for its key costs its own fields only', async () => {
  const { data } = await startGraph([shop, press]).ask('{ books { title pages } }');
  assert.deepEqual(data, {
    books: [
      { title: 'both unknown', pages: null },
      { title: 'no key', pages: null },
      { title: 'known', pages: 300 },
    ],
  });
});

test('a batch of entities that is asked for with variables keeps each in its place', async () => {
  const operation = question(
    `query ($ids: [ID]!, $style: String, $money: Currency! = JPY) {
      people(ids: $ids) { carries { price(currency: $money) { text(style: $style) } } }
    }`,
    { variables: { ids: ['u3', 'nobody', 'u3'], style: '"' } },
  );
  const { data, errors } = await harbour.ask(operation);
  assert.deepEqual(errors, []);
  const [first, second] = ['" 4900', '" 5000'].map((text) => ({ price: { text } }));
  const person = { carries: [first, null, second, first] };
  assert.deepEqual(data, { people: [person, null, person] });
});

function representationsOf(body = '{}'): Record<string, unknown>[] {
  const { variables } = JSON.parse(body) as {
    variables?: { representations?: Record<string, unknown>[] };
  };
  return variables?.representations ?? [];
}
