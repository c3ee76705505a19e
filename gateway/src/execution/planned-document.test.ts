import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { buildSchema, getOperationAST, parse, print } from 'graphql';
import { clientSelections } from './client-selection.ts';
import { internalNames } from './internal-names.ts';
import { plannedDocument } from './planned-document.ts';

const schema = buildSchema(`
  type Query { thing: Thing person: Person named: [Named!] }
  union Thing = Person | Robot
  interface Named { name: String }
  type Person implements Named { name: String age(in: String): Int friend: Person }
  type Robot implements Named { name: String model: Int }
`);

function planned(text: string, conditions: Record<string, boolean> = {}): string | null {
  const document = parse(text);
  const operation = getOperationAST(document);
  const rootType = schema.getQueryType();
  if (!operation || !rootType) throw new Error('The test has an operation');
  const selections = clientSelections({
    schema,
    document,
    selectionSet: operation.selectionSet,
    rootType,
    conditions: new Map(Object.entries(conditions)),
    names: internalNames(schema)(),
  });
  const found = plannedDocument({ operation, selections, schema });
  return found && print(found.document).replaceAll(/\s+/g, ' ');
}

describe('the document that is planned', () => {
  test('has no aliases of the client, and each field once', () => {
    assert.equal(
      planned(
        '{ me: person { a: name } person { age(in: "x") ...F } } fragment F on Person { name age(in: "y") }',
      ),
      '{ person { name } q0_person: person { age(in: "x") q1_name: name q2_age: age(in: "y") } }',
    );
  });

  test('has conditions decided', () => {
    const text =
      'query($a: Boolean!) { person { name @skip(if: $a) friend @include(if: $a) { name } } }';
    assert.equal(planned(text, { a: true }), 'query ($a: Boolean!) { person { friend { name } } }');
    assert.equal(planned(text, { a: false }), 'query ($a: Boolean!) { person { name } }');
  });

  test('selects something where nothing is left', () => {
    assert.equal(planned('{ person { name @skip(if: true) } }'), '{ person { __typename } }');
    assert.equal(planned('{ person @skip(if: true) { name } }'), null);
    assert.equal(planned('{ __schema { queryType { name } } }'), null);
  });

  test('has fragments on object types only', () => {
    assert.equal(
      planned(
        '{ thing { ... on Named { name } ... on Robot { model } } named { ... on Named { name } } }',
      ),
      '{ thing { ... on Person { name } ... on Robot { name model } } named { name } }',
    );
  });
});
