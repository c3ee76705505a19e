import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startHarbour } from './harbour/harbour.ts';
import type { HarbourRecord } from './harbour/records.ts';
import { newWorld } from './harbour/world.ts';
import type { SubgraphModel } from './harbour/world.ts';
import { question, startGraph } from './graph.ts';
import type { SubgraphCall } from './graph.ts';

const harbour = startHarbour();

test('a required field with arguments is asked for with these, whatever the client asks', async () => {
  const { data, errors } = await harbour.ask(`{
    parcel(id: "p1") { girth measure(unit: CM) inch: measure(unit: INCH) default: measure }
  }`);
  assert.deepEqual(errors, []);
  assert.deepEqual(data, { parcel: { girth: 232, measure: 147, inch: 58, default: 147 } });
});

test('two fields may require one field with different arguments', async () => {
  const { data, errors } = await harbour.ask('{ parcel(id: "p1") { span girth } }');
  assert.deepEqual(errors, []);
  assert.deepEqual(data, { parcel: { span: 588, girth: 232 } });
});

test('required fields are found in objects, in lists and behind type conditions', async () => {
  const { data, errors } = await harbour.ask('{ parcels { volume duty sealFee } }');
  assert.deepEqual(errors, []);
  assert.deepEqual(data, {
    parcels: [
      { volume: 1006, duty: 'to NL', sealFee: 3 },
      { volume: 0, duty: 'to SE', sealFee: 52 },
      { volume: null, duty: null, sealFee: null },
    ],
  });
});

test('an object of a type of which nothing is required is required all the same', async () => {
  const { data, errors, calls } = await harbour.ask('{ parcels { waxTax } }');
  assert.deepEqual(errors, []);
  assert.deepEqual(data, { parcels: [{ waxTax: 3 }, { waxTax: null }, { waxTax: null }] });
  const { variables } = JSON.parse(calls[1]?.body ?? '') as { variables: unknown };
  assert.deepEqual(variables, {
    representations: [
      { __typename: 'Parcel', id: 'p1', seal: { color: 'red' } },
      { __typename: 'Parcel', id: 'p2', seal: {} },
      { __typename: 'Parcel', id: 'p3', seal: null },
    ],
  });
});

test('a field may require what itself requires something', async () => {
  const { data, errors } = await harbour.ask('{ parcels { surcharge } }');
  assert.deepEqual(errors, []);
  assert.deepEqual(data, {
    parcels: [{ surcharge: 3.45 }, { surcharge: null }, { surcharge: 3.55 }],
  });
});

test('the middle of such a chain may belong to the subgraph that is asked first', async () => {
  const { data, errors } = await harbour.ask(`{
    expensive { surcharge label } one: expensive(first: 1) { toll: surcharge surcharge: toll }
  }`);
  assert.deepEqual(errors, []);
  assert.deepEqual(data, {
    expensive: [
      { surcharge: 3.45, label: 'label of p1' },
      { surcharge: null, label: 'label of p2' },
    ],
    one: [{ toll: 3.45, surcharge: 24.5 }],
  });
});

test('an interface object may require a field of the interface', async () => {
  const { data, errors } = await harbour.ask('{ topCargo { starText } cargo { starText } }');
  assert.deepEqual(errors, []);
  const { topCargo, cargo } = data as { topCargo: unknown[]; cargo: unknown };
  assert.deepEqual(topCargo.slice(0, 2), [{ starText: '4 at 12.25' }, { starText: '4 at 12.25' }]);
  assert.deepEqual(cargo, { starText: '4 at 12.25' });
});

test('what one type of an interface requires is not required of the others', async () => {
  const { data, errors } = await harbour.ask(`{
    shelves { stars ... on Barrel { starText } }
    cargos { ... on Parcel { stars } ... on Crate { starText } }
  }`);
  assert.deepEqual(errors, []);
  assert.deepEqual(data, {
    shelves: [
      [{ stars: 4 }, { stars: null, starText: 'null at 12.25' }, null],
      [],
      [{ stars: 0 }, { stars: 4 }, { stars: 1 }, { stars: 0, starText: '0 at 0' }],
    ],
    cargos: [4, 0, 1, 2].map((stars) => ({ stars })),
  });
});

test('required fields and keys are not part of the answer', async () => {
  const { text } = await harbour.ask('{ parcel(id: "p1") { toll price { amount } } }');
  assert.equal(text, '{"parcel":{"toll":24.5,"price":{"amount":53.900000000000006}}}');
});

test('aliases with the names of keys and of required fields change nothing', async () => {
  const { data, errors } = await harbour.ask(`{
    parcel(id: "p1") { label: weightKg toll weightKg: label id: code __typename: id price { id: amount } }
    person(id: "u3") { base { site: name name: site { code: country } } }
  }`);
  assert.deepEqual(errors, []);
  assert.deepEqual(data, {
    parcel: {
      label: 12.25,
      toll: 24.5,
      weightKg: 'label of p1',
      id: 'code p1',
      __typename: 'p1',
      price: { id: 53.900000000000006 },
    },
    person: { base: { site: 'Waal', name: { code: 'NL' } } },
  });
});

test('a field that is provided on one way is asked of its owner on another', async () => {
  const provided = await harbour.ask('{ notes(first: 1) { author { nick } } }');
  assert.deepEqual(subgraphsOf(provided.calls), ['feed']);
  const asked = await harbour.ask('{ parcel(id: "p1") { owner { nick } } }');
  assert.deepEqual(subgraphsOf(asked.calls), ['yard', 'crew']);
  assert.deepEqual(asked.data, { parcel: { owner: { nick: 'the "boss"\\' } } });
});

test('a field that was overridden is asked of its new owner only', async () => {
  const { data, calls } = await harbour.ask('{ notes(first: 2) { pinned } }');
  assert.deepEqual(data, { notes: [{ pinned: true }, { pinned: false }] });
  assert.deepEqual(subgraphsOf(calls), ['feed']);
});

test('a required field that is null is sent as null', async () => {
  const { data, errors, calls } = await harbour.ask('{ parcel(id: "p2") { toll } }');
  assert.deepEqual([data, errors], [{ parcel: { toll: null } }, []]);
  const { variables } = JSON.parse(calls[1]?.body ?? '') as { variables: unknown };
  assert.deepEqual(variables, {
    representations: [{ __typename: 'Parcel', id: 'p2', weightKg: null }],
  });
});

test('a required field that fails is told, and costs nothing but what is computed with it', async () => {
  const where = { subgraph: 'yard', type: 'Parcel', field: 'weightKg', oneOf: 1, at: 0 };
  const world = newWorld({ faults: [{ ...where, effect: { kind: 'throws' } }] });
  const { data, errors } = await harbour.ask(
    '{ parcel(id: "p1") { toll price { amount } girth } }',
    { world },
  );
  assert.deepEqual(data, {
    parcel: { toll: null, price: { amount: 53.900000000000006 }, girth: 232 },
  });
  assert.equal(errors.length, 1);
  assert.equal(errors[0]?.path?.[0], 'parcel');
});

test('a field that conditions leave out is not required either', async () => {
  const text = `query ($prices: Boolean!, $duty: Boolean!) {
    parcel(id: "p1") { prices @include(if: $prices) { amount } duty @skip(if: $duty) }
  }`;
  for (const [prices, duty] of [
    [true, true],
    [true, false],
    [false, true],
    [false, false],
  ]) {
    const variables = { prices, duty };
    const operation = question(text, { variables });
    const expected = await harbour.oracle.execute(operation, newWorld());
    const got = await harbour.ask(operation);
    assert.deepEqual(got.errors, []);
    assert.equal(got.text, JSON.stringify(expected.data));
  }
});

const roads: SubgraphModel = {
  name: 'roads',
  typeDefs: `#graphql
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key" "@shareable"])
    type Query { trips: [Trip] }
    type Trip @key(fields: "id") { id: ID! leg: Leg legs: [Leg] }
    type Leg @shareable { length(unit: String = "m"): Int }
  `,
  resolvers: {
    Query: { trips: () => [trip('1'), trip('2')] },
    Leg: { length: ({ ref }, { unit }) => ref.length * (unit === 'km' ? 1 : 1000) },
  },
  references: { Trip: ({ id }) => trip(String(id)) },
};

const fares: SubgraphModel = {
  name: 'fares',
  typeDefs: `#graphql
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [
      "@key" "@shareable" "@external" "@requires"
    ])
    type Trip @key(fields: "id") {
      id: ID!
      leg: Leg @external
      legs: [Leg] @external
      coarse(per: Int!): String @requires(fields: "leg { length(unit: \\"km\\") }")
      fine(per: Int!): String @requires(fields: "leg { length(unit: \\"m\\") } legs { length(unit: \\"km\\") }")
    }
    type Leg @shareable { length(unit: String = "m"): Int }
  `,
  resolvers: {
    Trip: {
      coarse: ({ leg }, { per }) => JSON.stringify({ leg, per }),
      fine: ({ leg, legs }, { per }) => JSON.stringify({ leg, legs, per }),
    },
  },
  references: { Trip: (trip) => ({ ...trip, ref: String(trip['id']) }) },
};

function trip(id: string): HarbourRecord {
  const leg = { ref: `leg ${id}`, __typename: 'Leg' };
  return { ref: id, __typename: 'Trip', id, leg, legs: [leg] };
}

test('what is required inside of an object or a list may have arguments too', async () => {
  const { data, errors } = await startGraph([roads, fares]).ask(
    question(
      `query ($a: Int!, $b: Int!) {
        trips { coarse(per: $a) fine(per: $b) leg { length } }
      }`,
      { variables: { a: 1, b: 2 } },
    ),
  );
  assert.deepEqual(errors, []);
  const expected = {
    coarse: JSON.stringify({ leg: { length: 5 }, per: 1 }),
    fine: JSON.stringify({ leg: { length: 5000 }, legs: [{ length: 5 }], per: 2 }),
    leg: { length: 5000 },
  };
  assert.deepEqual(data, { trips: [expected, expected] });
});

function subgraphsOf(calls: readonly SubgraphCall[]): string[] {
  return calls.map(({ subgraph }) => subgraph);
}
