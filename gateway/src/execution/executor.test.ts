import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parse } from 'graphql';
import { testExecutor } from './test-executor.ts';

const PEOPLE = {
  sdl: `
    type Query { people: [Person!]! person(id: ID!): Person named: [Named!] }
    type Mutation { rename(id: ID!, name: String!): Person }
    interface Named { name: String! }
    type Robot implements Named { name: String! model: Int }
    type Person implements Named @key(fields: "id") { id: ID! name: String! age(unit: String): Int mood: Mood }
    enum Mood { GOOD BAD HIDDEN @inaccessible }
  `,
  resolvers: {
    Query: {
      people: () => [person('1'), person('2'), person('1')],
      person: (_: unknown, { id }: { id: string }) => (id === 'none' ? null : person(id)),
      named: () => [person('1'), { __typename: 'Robot', name: 'R', model: 2 }],
    },
    Mutation: {
      rename: (_: unknown, { id, name }: { id: string; name: string }) => ({ ...person(id), name }),
    },
    Person: { __resolveReference: ({ id }: { id: string }) => (id === '404' ? null : person(id)) },
  },
};

const BOOKS = {
  sdl: `
    type Query { books: [Book] }
    type Book @key(fields: "id") { id: ID! title: String author: Person }
    type Person @key(fields: "id") { id: ID! books(first: Int): [Book!]! age(unit: String): Int @external
      isOld: Boolean @requires(fields: "age") }
  `,
  resolvers: {
    Query: {
      books: () => ['1', '2', '404'].map((id) => ({ id, title: `T${id}`, author: { id } })),
    },
    Person: {
      __resolveReference: (it: { id: string; age?: number }) => it,
      books: ({ id }: { id: string }) => [{ id: `b${id}`, title: 'T', author: { id } }],
      isOld: ({ age }: { age?: number }) => (age === undefined ? null : age > 40),
    },
  },
};

function person(id: string) {
  const age = ({ unit }: { unit?: string }) => (unit === 'days' ? 365 : 50);
  return { __typename: 'Person', id, name: `N${id}`, age, mood: 'GOOD' };
}

const both = { people: PEOPLE, books: BOOKS };

describe('the executor', () => {
  test('asks for each entity once, and fills all who refer to it', async () => {
    const { result, requests } = await testExecutor(both).run(
      '{ people { name books { title } } }',
    );
    const books = [{ title: 'T' }];
    const filled = (id: string) => ({ name: `N${id}`, books });
    assert.deepEqual(result, { data: { people: ['1', '2', '1'].map(filled) } });
    assert.equal(requests.length, 2);
    assert.equal(requests[1]?.body.match(/__typename":/g)?.length, 2);
  });

  test('keeps the client’s names apart from keys and required fields', async () => {
    const query = '{ person(id: "1") { id: name name: id age: mood isOld books { title: id } } }';
    const { result } = await testExecutor(both).run(query);
    const expected = { id: 'N1', name: '1', age: 'GOOD', isOld: true, books: [{ title: 'b1' }] };
    assert.deepEqual(result, { data: { person: expected } });
  });

  test('keeps a field apart from itself with other arguments', async () => {
    const query =
      '{ person(id: "1") { isOld age(unit: "days") years: age other: age(unit: "x") } }';
    const { result } = await testExecutor(both).run(query);
    const person = { isOld: true, age: 365, years: 50, other: 50 };
    assert.deepEqual(result, { data: { person } });
  });

  test('writes abstract types by what each object is', async () => {
    const query = `{ named { __typename ... on Person { books { id } } name ...R } }
      fragment R on Robot { model kind: __typename }`;
    const { result } = await testExecutor(both).run(query);
    const one = { __typename: 'Person', books: [{ id: 'b1' }], name: 'N1' };
    const two = { __typename: 'Robot', name: 'R', model: 2, kind: 'Robot' };
    assert.equal(JSON.stringify(result), JSON.stringify({ data: { named: [one, two] } }));
  });

  test('is compiled once for each case of its conditions', async () => {
    const { run } = testExecutor(both);
    const query = `query($more: Boolean!, $less: Boolean = false) {
      person(id: "1") { name @skip(if: $less) ...M @include(if: $more) } }
      fragment M on Person { books { id } }`;
    const all = await run(query, { more: true });
    assert.deepEqual(all.result.data?.['person'], { name: 'N1', books: [{ id: 'b1' }] });
    const none = await run(query, { more: false, less: true });
    assert.deepEqual(none.result, { data: { person: {} } });
    assert.equal(none.requests.length, 1);
  });

  test('can be prepared before anybody asks', async () => {
    const { executor, run } = testExecutor(both);
    const query = 'query Q($more: Boolean!) { person(id: "1") { name id @include(if: $more) } }';
    executor.prepare(parse(query), query);
    const { result } = await run(query, { more: true });
    assert.deepEqual(result.data?.['person'], { name: 'N1', id: '1' });
    assert.throws(() => executor.prepare(parse('{ nothing }'), 'x'));
  });

  test('knows what it has compiled, for which conditions, and what was used last', async () => {
    const { executor, run } = testExecutor(both);
    const [one, other] = [
      '{ people { name } }',
      'query($a: Boolean!) { people { id @skip(if: $a) } }',
    ];
    await run(one);
    await run(other, { a: true });
    await run(one);
    assert.deepEqual(
      executor.recent().map(({ of, variables }) => [of.queryHash, variables]),
      [
        [other, { a: true }],
        [one, {}],
      ],
    );
  });

  test('tells what an entity that is not there costs', async () => {
    const query = '{ books { title author { name } } }';
    const { result } = await testExecutor(both).run(query);
    const { books } = result.data as { books: unknown[] };
    assert.deepEqual(books[2], { title: 'T404', author: null });
    assert.deepEqual(
      result.errors?.map(({ path }) => path?.join('.')),
      ['books.2.author.name'],
    );
  });

  test('tells a fault of a subgraph once, at what it costs', async () => {
    const { run } = testExecutor(both, (answer, { subgraph }) =>
      subgraph === 'people' ? { kind: 'fault', fault: 'unreachable' } : answer,
    );
    const { result } = await run('{ books { title author { name } } }');
    assert.deepEqual(result.data?.['books'], [
      { title: 'T1', author: null },
      { title: 'T2', author: null },
      { title: 'T404', author: null },
    ]);
    assert.deepEqual(
      result.errors?.map(({ path }) => path),
      [['books']],
    );
    assert.deepEqual((await run('{ p: person(id: "1") { name } }')).result.errors?.[0]?.path, [
      'p',
    ]);
  });

  const odd: Record<string, { person: object; path: string | undefined; data: unknown }> = {
    'a string for a number': {
      person: { name: 'A', age: '7' },
      data: { name: 'A', age: null },
      path: 'person.age',
    },
    'an enum value that clients may not see': {
      person: { name: 'A', mood: 'HIDDEN' },
      data: { name: 'A', mood: null },
      path: 'person.mood',
    },
    'an object for a leaf': { person: { name: {} }, data: null, path: 'person.name' },
    'nothing for a field': { person: {}, data: null, path: 'person.name' },
    'null for a field that may not be null': {
      person: { name: null },
      data: null,
      path: 'person.name',
    },
    'a leaf for an object': { person: [], data: null, path: 'person' },
    'more than was asked for': {
      person: { more: 1, name: 'A\n', __proto__: null },
      data: { name: 'A\n' },
      path: undefined,
    },
  };
  for (const [what, { person: answer, path, data }] of Object.entries(odd)) {
    test(`takes ${what} for what it is`, async () => {
      const { run } = testExecutor(both, () => JSON.stringify({ data: { person: answer } }));
      const fields = ['name', ...Object.keys(data ?? {}).filter((key) => key !== 'name')];
      const { result } = await run(`{ person(id: "1") { ${fields.join(' ')} } }`);
      assert.deepEqual(result.data, { person: data });
      assert.deepEqual(
        result.errors?.map((error) => error.path?.join('.')),
        path && [path],
      );
    });
  }

  test('gives an id that came as a number as the string that it is', async () => {
    const { run } = testExecutor(both, () => '{ "data": {"person": {"id": 7}} }');
    assert.deepEqual((await run('{ person(id: "7") { id } }')).result, {
      data: { person: { id: '7' } },
    });
  });

  test('tells an error at an entity at every place that uses it, in the client’s words', async () => {
    const { run } = testExecutor(both, (answer, { body }) =>
      body.includes('_entities')
        ? JSON.stringify({
            data: { _entities: [{ books: [{ title: null }] }, { books: [] }] },
            errors: [{ message: 'no', path: ['_entities', 0, 'books', 0, 'title'] }],
          })
        : answer,
    );
    const { result } = await run('{ all: people { list: books { t: title } } }');
    assert.deepEqual(
      result.errors?.map(({ path }) => path?.join('.')),
      ['all.0.list.0.t', 'all.2.list.0.t'],
    );
  });

  test('lets a client call a variable as he likes', async () => {
    const query = `query($representations: ID!) { person(id: $representations) { books { id } } }`;
    const { result } = await testExecutor(both).run(query, { representations: '1' });
    assert.deepEqual(result.data, { person: { books: [{ id: 'b1' }] } });
  });

  test('answers what is asked about the schema beside everything else', async () => {
    const query = `query($n: String!) { person(id: "1") { name } t: __type(name: $n) { name }
      __schema { queryType { name } } kind: __typename }`;
    const { result } = await testExecutor(both).run(query, { n: 'Person' });
    assert.deepEqual(result.data, {
      person: { name: 'N1' },
      t: { name: 'Person' },
      __schema: { queryType: { name: 'Query' } },
      kind: 'Query',
    });
  });

  test('refuses variables that do not fit, before any subgraph is asked', async () => {
    const query = 'query($id: ID!) { person(id: $id) { name } }';
    const { result, requests } = await testExecutor(both).run(query, {});
    assert.match(result.errors?.[0]?.message ?? '', /\$id/);
    assert.equal(requests.length, 0);
  });

  test('does in a mutation what is asked for, as often and in this order', async () => {
    const query =
      'mutation { a: rename(id: "1", name: "x") { name books { id } } b: rename(id: "2", name: "y") { name } c: rename(id: "2", name: "y") { name } }';
    const { result, requests } = await testExecutor(both).run(query);
    assert.equal(requests[0]?.body.match(/rename\(/g)?.length, 3);
    assert.deepEqual(result.data, {
      a: { name: 'x', books: [{ id: 'b1' }] },
      b: { name: 'y' },
      c: { name: 'y' },
    });
  });
});
