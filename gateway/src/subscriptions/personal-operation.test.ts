import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildSchema, parse } from 'graphql';
import { createIsPersonal } from './personal-operation.ts';

const schema = buildSchema(`
  directive @tag(name: String!) repeatable on FIELD_DEFINITION | ARGUMENT_DEFINITION | INPUT_FIELD_DEFINITION
  type Query { a: String }
  type Subscription {
    changed(filter: Filter, filters: [Filter!], mine: Boolean @tag(name: "subject")): Item!
  }
  type Item { id: ID! isMine: Boolean @tag(name: "partner") @tag(name: "subject") next: Item }
  input Filter { kind: String mine: Boolean @tag(name: "subject") and: Filter }
`);
const isPersonal = createIsPersonal(schema);

test('an operation is personal by the fields and arguments that are tagged', () => {
  const cases: [string, boolean][] = [
    ['{ changed { id } }', false],
    ['{ changed(filter: { kind: "x" }) { id next { id } } }', false],
    ['{ changed { next { ...f } } } fragment f on Item { isMine }', true],
    ['{ changed(mine: false) { id } }', true],
    ['{ changed(filter: { and: { mine: true } }) { id } }', true],
    ['{ changed(filters: [{ mine: true }]) { id } }', true],
  ];
  for (const [text, expected] of cases) {
    assert.equal(isPersonal(parse(`subscription ${text}`), {}), expected, text);
  }
});

test('an operation is personal by the variables that are given', () => {
  const document = parse(
    'subscription ($one: Filter, $all: [Filter!]) { changed(filter: $one, filters: $all) { id } }',
  );
  assert.equal(isPersonal(document, { one: { kind: 'x' }, all: [] }), false);
  assert.equal(isPersonal(document, { one: { and: { mine: null } } }), true);
  assert.equal(isPersonal(document, { all: [{}, { mine: true }] }), true);
});
