import assert from 'node:assert/strict';
import { test } from 'node:test';
import { question } from './graph.ts';
import { startHarbour } from './harbour/harbour.ts';
import { newWorld } from './harbour/world.ts';

const harbour = startHarbour();

test('mutations are executed one after the other, in the order of the document', async () => {
  const world = newWorld();
  const { data, errors } = await harbour.ask(
    `mutation {
      a: yardTick b: crewTick c: yardTick
      relabel(id: "p1", label: "x") { at parcel { price { currency } } }
      d: feedTick promote(id: "u1") { name } e: yardTick f: yardTick
    }`,
    { world },
  );
  assert.deepEqual(errors, []);
  assert.deepEqual(data, {
    a: 1,
    b: 2,
    c: 3,
    relabel: {
      at: 4,
      parcel: { price: { currency: 'EUR' } },
    },
    d: 5,
    promote: { name: 'Ada' },
    e: 7,
    f: 8,
  });
  assert.deepEqual(world.log, [
    'yard',
    'crew',
    'yard',
    'relabel p1 x',
    'feed',
    'promote u1',
    'yard',
    'yard',
  ]);
});

test('a mutation that is skipped does nothing', async () => {
  const world = newWorld();
  const text = `mutation ($off: Boolean!) { a: yardTick @skip(if: $off) b: yardTick @include(if: false) c: crewTick }`;
  const { data } = await harbour.ask(question(text, { variables: { off: true } }), { world });
  assert.deepEqual([data, world.log], [{ c: 1 }, ['crew']]);
});

test('a mutation that fails does not stop the ones after it', async () => {
  const world = newWorld();
  const { data, errors } = await harbour.ask(
    'mutation { addNote(input: { about: "p1" }) { id } crewTick }',
    {
      world,
      intercept: async (call, honest) =>
        call.subgraph === 'feed'
          ? { kind: 'fault', fault: 'timeout' }
          : { kind: 'text', text: await honest() },
    },
  );
  assert.deepEqual([data, world.log], [{ addNote: null, crewTick: 1 }, ['crew']]);
  assert.deepEqual(
    errors.map(({ path }) => path),
    [['addNote']],
  );
});

test('one operation serves every value of the variables of its conditions', async () => {
  const text = `query ($a: Boolean!, $b: Boolean = true) {
    ...Root @skip(if: $b)
    parcel(id: "p1") @include(if: $a) { id label @skip(if: $a) owner @include(if: $b) { name @skip(if: $a) id } }
  }
  fragment Root on Query { depots { name @include(if: $a) } parcel(id: "p1") { code } }`;
  for (const variables of [
    { a: true },
    { a: false },
    { a: true, b: false },
    { a: false, b: false },
  ]) {
    const operation = question(text, { variables });
    const expected = await harbour.oracle.execute(operation, newWorld());
    const { text: got, errors } = await harbour.ask(operation);
    assert.deepEqual(errors, []);
    assert.equal(got, JSON.stringify(expected.data), JSON.stringify(variables));
  }
});

test('__typename alone needs no subgraph', async () => {
  const { data, calls } = await harbour.ask('{ __typename again: __typename ... { __typename } }');
  assert.deepEqual([data, calls], [{ __typename: 'Query', again: 'Query' }, []]);
  const mutation = await harbour.ask('mutation { __typename }');
  assert.deepEqual([mutation.data, mutation.calls], [{ __typename: 'Mutation' }, []]);
});

test('introspection is answered beside fields, and shows nothing of how the graph is made', async () => {
  const { data, errors } = await harbour.ask(`query Introspect {
    __schema { queryType { name } types { name } }
    version
    kind: __type(name: "Kind") { name enumValues { name } }
    parcel: __type(name: "Parcel") { fields { name } }
    nothing: __type(name: "Nothing") { name }
  }`);
  assert.deepEqual(errors, []);
  const { __schema, version, kind, parcel, nothing } = data as {
    __schema: { types: { name: string }[] };
    version: string;
    kind: unknown;
    parcel: { fields: { name: string }[] };
    nothing: unknown;
  };
  assert.deepEqual([version, nothing], ['v1', null]);
  assert.deepEqual(kind, { name: 'Kind', enumValues: [{ name: 'SMALL' }, { name: 'LARGE' }] });
  assert.equal(
    __schema.types.some(({ name }) => /^(join__|link__|_)\w*/.test(name) && !name.startsWith('__')),
    false,
  );
  assert.equal(
    parcel.fields.some(({ name }) => name === 'secret'),
    false,
  );
});

test('of several operations the one that is named is executed', async () => {
  const text = 'query A { nothing } query B { version } mutation C { yardTick }';
  const { data } = await harbour.ask(question(text, { operationName: 'B' }));
  assert.deepEqual(data, { version: 'v1' });
  const unknown = await harbour.ask(question(text, { operationName: 'D' }));
  assert.deepEqual([unknown.data ?? null, unknown.calls], [null, []]);
  assert.equal(unknown.errors.length, 1);
});

test('variables that do not fit are refused before any subgraph is asked', async () => {
  const text =
    'query ($id: ID!, $first: Int) { parcel(id: $id) { id } parcels(first: $first) { id } }';
  for (const variables of [{}, { id: null }, { id: 'p1', first: 'x' }, { id: ['p1'] }]) {
    const { data, errors, calls } = await harbour.ask(question(text, { variables }));
    assert.deepEqual([data ?? null, calls], [null, []]);
    assert.ok(errors.length > 0);
  }
});

test('one value stands for a list of it, and defaults for what is missing', async () => {
  const text = `query ($ids: [ID!], $filter: Filter, $kind: Kind = LARGE) {
    a: echo(ids: $ids, filter: $filter, kind: $kind) b: echo(ids: "x", filter: { labels: "y" }) c: echo(text: null)
  }`;
  const operation = question(text, { variables: { ids: 'one', filter: { any: { deep: {} } } } });
  const expected = await harbour.oracle.execute(operation, newWorld());
  const { text: got, errors } = await harbour.ask(operation);
  assert.deepEqual(errors, []);
  assert.equal(got, JSON.stringify(expected.data));
});

test('a deep operation is executed to its end', async () => {
  const deep = (depth: number): string =>
    depth === 0 ? 'leaf' : `deep { ${deep(depth - 1)} leaf }`;
  const text = `{ must { ${deep(60)} } }`;
  const expected = await harbour.oracle.execute(question(text), newWorld());
  const { text: got, errors } = await harbour.ask(text);
  assert.deepEqual(errors, []);
  assert.equal(got, JSON.stringify(expected.data));
});

test('a wide list of lists is merged field by field', async () => {
  const text = `{
    must { matrix { leaf ...A } ... on Must { matrix { soft list { leaf } } } ...A }
  }
  fragment A on Must { matrix { list { soft } } list { leaf } }`;
  const expected = await harbour.oracle.execute(question(text), newWorld());
  const { text: got, errors } = await harbour.ask(text);
  assert.deepEqual(errors, []);
  assert.equal(got, JSON.stringify(expected.data));
});

test('@defer is refused by validation, since the API does not have it', async () => {
  assert.equal(harbour.apiSchema.getDirective('defer'), undefined);
});
