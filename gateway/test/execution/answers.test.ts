import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startGraph } from './graph.ts';
import type { Intercept } from './graph.ts';
import { startHarbour } from './harbour/harbour.ts';
import type { SubgraphModel } from './harbour/world.ts';

const harbour = startHarbour();

/** Lets a subgraph say something else. */
function saying(text: string, subgraph = 'yard'): Intercept {
  return async (call, honest) => ({
    kind: 'text',
    text: call.subgraph === subgraph ? text : await honest(),
  });
}

function pathsOf(errors: readonly { path?: readonly (string | number)[] }[]): string[] {
  return errors.map(({ path }) => path?.join('.') ?? 'none').sort();
}

test('errors in lists of lists have the aliases of the client and the places in the lists', async () => {
  const { data, errors } = await harbour.ask('{ box: cube rows: shelves { tag: label } }', {
    intercept: saying(
      '{"data":{"cube":[[[1,"x"],[2]],[]],"shelves":[[{"__typename":"Crate","label":null},null],[{"__typename":"Crate","label":7.5}]]}}',
    ),
  });
  assert.deepEqual(data, {
    box: [[null, [2]], []],
    rows: [[null, null], [null]],
  });
  assert.deepEqual(pathsOf(errors), ['box.0.0.1', 'rows.0.0.tag', 'rows.1.0.tag']);
});

test('the subgraph may say more than it was asked for, in any order and with any spaces', async () => {
  const { data, errors } = await harbour.ask('{ parcel(id: "p1") { label kind } }', {
    intercept: saying(
      ' {"extensions":{"a":[1,{"b":"}"}]},\n"data" : {"x":"{", "parcel":{"\\u006bind":"LARGE","z":[[{}]],"label":"a\\u0062c\\/","__typename":"Parcel"}}}\r\n',
    ),
  });
  assert.deepEqual([data, errors], [{ parcel: { label: 'abc/', kind: 'LARGE' } }, []]);
});

test('of a key that comes twice the last one counts', async () => {
  const { data } = await harbour.ask('{ version nothing }', {
    intercept: async () => ({
      kind: 'text',
      text: '{"data":{"version":"a","nothing":null,"version":"b"}}',
    }),
  });
  assert.deepEqual(data, { version: 'b', nothing: null });
});

test('an error beside whole data is told, and the data stay', async () => {
  const { data, errors } = await harbour.ask('{ parcel(id: "p1") { label } }', {
    intercept: saying(
      '{"errors":[{"message":"slow today"}],"data":{"parcel":{"__typename":"Parcel","label":"x"}}}',
    ),
  });
  assert.deepEqual(data, { parcel: { label: 'x' } });
  assert.equal(errors.length, 1);
});

test('values of another type are errors with their path', async () => {
  const parcel =
    '{"__typename":"Parcel","weightKg":"heavy","kind":"TINY","packing":[{"width":1.5,"height":2}]}';
  const { data, errors } = await harbour.ask(
    '{ p: parcel(id: "p1") { w: weightKg packing { width height } } }',
    {
      intercept: saying(`{"data":{"parcel":${parcel}}}`),
    },
  );
  assert.deepEqual(data, { p: { w: null, packing: [{ width: null, height: 2 }] } });
  assert.deepEqual(pathsOf(errors), ['p.packing.0.width', 'p.w']);
});

const numbers: SubgraphModel = {
  name: 'numbers',
  typeDefs: `#graphql
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.9")
    scalar Any
    type Query { id: ID ids: [ID!] int: Int float: Float any: Any text: String flag: Boolean }
  `,
  resolvers: {},
  references: {},
};

const said = startGraph([numbers]);

test('an ID that is a whole number comes out as a string', async () => {
  const { data, errors } = await said.ask('{ id ids }', {
    intercept: saying('{"data":{"id":7,"ids":[8,"9"]}}', 'numbers'),
  });
  assert.deepEqual([data, errors], [{ id: '7', ids: ['8', '9'] }, []]);
});

test('a whole number may be written as a fraction, and a large one keeps all its digits in a scalar', async () => {
  const { data, text, errors } = await said.ask('{ int float any }', {
    intercept: saying(
      '{"data":{"int":12.0,"float":1e3,"any":[12345678901234567890.1234567890,{"a":-0}]}}',
      'numbers',
    ),
  });
  assert.deepEqual(errors, []);
  const { int, float } = data as { int: number; float: number };
  assert.deepEqual([int, float], [12, 1000]);
  assert.match(text ?? '', /12345678901234567890\.1234567890|12345678901234567000/);
});

test('a custom scalar is passed on as it is, whatever is in it', async () => {
  const any = '{"__proto__":{"a":1},"constructor":[null,true,"\\ud83d"],"":{"toJSON":"x"}}';
  const { text, errors } = await said.ask('{ any }', {
    intercept: saying(`{"data":{"any":${any}}}`, 'numbers'),
  });
  assert.deepEqual(errors, []);
  assert.equal(text, `{"any":${any}}`);
});

test('what is no answer costs the fields that were asked for, and is told for each', async () => {
  const texts = [
    '',
    'null',
    '<html>',
    '{}',
    '{"data":[]}',
    '{"data":null}',
    '{"errors":{}}',
    '[{"data":{}}]',
  ];
  for (const text of texts) {
    const { data, errors } = await harbour.ask('{ a: nothing depots { name } parcels { id } }', {
      intercept: saying(text),
    });
    assert.equal(data, null, text);
    assert.ok(errors.length > 0, text);
    assert.ok(
      pathsOf(errors).every((path) => ['a', 'parcels', 'none'].includes(path)),
      pathsOf(errors).join(),
    );
  }
});

test('a subgraph that is down costs its own fields only', async () => {
  const { data, errors } = await harbour.ask(
    '{ nothing depots { name keeper { id nick } } version }',
    {
      intercept: async (call, honest) =>
        call.subgraph === 'crew'
          ? { kind: 'fault', fault: 'timeout' }
          : { kind: 'text', text: await honest() },
    },
  );
  assert.deepEqual((data as { depots: unknown }).depots, [
    { name: 'Maas', keeper: { id: 'u2', nick: null } },
    { name: 'Waal', keeper: { id: 'u7', nick: null } },
  ]);
  assert.ok(errors.length > 0);
  assert.ok(errors.every(({ path }) => path?.[0] === 'depots'));
});

test('what the first fetch does not give, the next is not asked for', async () => {
  const { data, errors, calls } = await harbour.ask(
    '{ parcel(id: "p1") { owner { name base { name } } } }',
    {
      intercept: async (call, honest) =>
        call.place === 0
          ? { kind: 'fault', fault: 'unreachable' }
          : { kind: 'text', text: await honest() },
    },
  );
  assert.deepEqual([data, calls.length], [{ parcel: null }, 1]);
  assert.deepEqual(pathsOf(errors), ['parcel']);
});

test('the answer itself is null when a field of the root that must not be null is', async () => {
  const { data, errors } = await harbour.ask('{ nothing must { leaf } }', {
    intercept: saying('{"data":{"nothing":null,"must":{"leaf":null}}}'),
  });
  assert.equal(data, null);
  assert.deepEqual(pathsOf(errors), ['must.leaf']);
});
