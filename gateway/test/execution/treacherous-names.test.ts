import assert from 'node:assert/strict';
import { test } from 'node:test';
import { question } from './graph.ts';
import { startHarbour } from './harbour/harbour.ts';
import { newWorld } from './harbour/world.ts';
import { LONE_SURROGATES, TREACHEROUS_NAMES, TREACHEROUS_TEXTS } from './operations/names.ts';

const harbour = startHarbour();

async function assertAsOracle(
  text: string,
  variables: Record<string, unknown> = {},
): Promise<void> {
  const operation = question(text, { variables });
  const expected = await harbour.oracle.execute(operation, newWorld());
  const got = await harbour.ask(operation);
  assert.deepEqual(got.errors, [], text);
  assert.equal(got.text, JSON.stringify(expected.data), text);
}

test('names that JavaScript gives a meaning to are aliases like any other', async () => {
  for (const name of TREACHEROUS_NAMES) {
    await assertAsOracle(`{
      ${name}: parcel(id: "p1") { ${name}: owner { ${name}: name x: base { ${name}: name } } label }
      list: cargos { ${name}: label ... on Crate { contents { ${name}: label } } }
    }`);
  }
});

test('all of them may stand side by side', async () => {
  const fields = TREACHEROUS_NAMES.map((name) => `${name}: name`).join(' ');
  await assertAsOracle(`{ staff { ${fields} } notes { author { ${fields} } } }`);
});

test('they may name operations, fragments and variables', async () => {
  for (const name of TREACHEROUS_NAMES) {
    // graphql-js loses a variable of this name, so that there is no oracle for it.
    if (name === '__proto__') continue;
    await assertAsOracle(
      `query ${name}($${name}: ID!, $on: Boolean = true) { parcel(id: $${name}) { ...${name} } }
      fragment ${name} on Parcel { owner @include(if: $on) { name } }`,
      { [name]: 'p1' },
    );
  }
});

test('a variable named __proto__ changes nothing outside of its operation', async () => {
  const variables = JSON.parse('{"__proto__":"p1","polluted":true}') as Record<string, unknown>;
  const text = 'query ($__proto__: ID!) { a: echo(ids: [$__proto__]) parcels { label } }';
  const { data } = await harbour.ask(question(text, { variables }));
  assert.equal((data as { parcels: unknown[] }).parcels.length, 3);
  assert.equal(({} as Record<string, unknown>)['polluted'], undefined);
});

test('no text of a request becomes code: it comes back as it was sent', async () => {
  for (const given of TREACHEROUS_TEXTS) {
    const literal = JSON.stringify(given).replaceAll('\\u007f', '\u007f');
    await assertAsOracle(
      `query ($text: String, $blob: Json) {
        echo(text: ${literal}, ids: [${literal}], filter: { labels: [${literal}] }, blob: { a: ${literal} })
        b: echo(text: $text, blob: $blob, pick: { id: ${literal} })
        parcel(id: "p1") { price { text(style: ${literal}) again: text(style: $text) } }
      }`,
      { text: given, blob: { [given]: [given, { constructor: given }] } },
    );
  }
});

test('half of a character survives the way there and back', async () => {
  for (const text of LONE_SURROGATES) {
    await assertAsOracle(
      'query ($text: String) { echo(text: $text) staff { ... on Person { nick } } }',
      { text },
    );
  }
});

test('block strings and comments of a document are texts, not code', async () => {
  await assertAsOracle(
    '{ # ${throw 1} */ `\n  echo(text: """\n  "quoted" \\""" ${x} `tick` \\u0041 */\n  """) # \u2028\n}',
  );
});

test('an enum value or a type may be called like a property of every object', async () => {
  await assertAsOracle('{ notes(first: 5) { lang } __type(name: "constructor") { name } }');
  const { data, errors } = await harbour.ask('{ notes(first: 1) { lang } }', {
    intercept: async () => ({
      kind: 'text',
      text: '{"data":{"notes":[{"lang":"hasOwnProperty"}]}}',
    }),
  });
  assert.deepEqual(data, { notes: [{ lang: null }] });
  assert.equal(errors.length, 1);
});
