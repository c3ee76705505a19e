import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Identity } from '@quantumroute/ops/identity';
import { GraphQLError, Kind, buildSchema, parse } from 'graphql';
import type { OperationDefinitionNode } from 'graphql';
import { createAdmitOperation } from './admit-operation.ts';

const schema = buildSchema(`
  directive @listSize(assumedSize: Int, slicingArguments: [String!]) on FIELD_DEFINITION
  directive @cost(weight: Int!) on FIELD_DEFINITION | INPUT_FIELD_DEFINITION
  directive @requiresScopes(scopes: [[String!]!]!) on FIELD_DEFINITION
  directive @authenticated on FIELD_DEFINITION
  scalar Json
  type Query {
    box(id: ID!): Box
    boxes(first: Int!): [Box!]! @listSize(slicingArguments: ["first"])
    found(by: Search!): [Box!]! @listSize(assumedSize: 1)
  }
  type Box { id: ID! price: Int @requiresScopes(scopes: [["prices"]]) }
  input Search { words: [Word!] note: Json }
  input Word { text: String! fuzzy: Boolean @cost(weight: 30) }
`);

const limits = {
  tokens: 1_000,
  depth: 10,
  aliases: 10,
  rootFields: 10,
  directives: 10,
  repeats: 10,
  selections: 100,
  cost: 100,
  assumedListSize: 10,
};

function identityWith(...scopes: string[]): Identity {
  const nobody = { organizationId: null, partnerId: null, driverId: null };
  return { kind: 'user', subject: 'ann', ...nobody, scopes };
}

/** The codes with which one operation is refused, or `admitted`. */
function outcomes(
  text: string,
  asked: readonly { variables: Record<string, unknown>; identity?: Identity }[],
): unknown[] {
  const admit = createAdmitOperation({ schema, limits });
  const document = parse(text);
  const operation = document.definitions.find(
    (definition): definition is OperationDefinitionNode =>
      definition.kind === Kind.OPERATION_DEFINITION,
  );
  assert.ok(operation);
  return asked.map(({ variables, identity = identityWith() }) => {
    try {
      admit({ document, operation, identity, variables });
      return 'admitted';
    } catch (error) {
      return error instanceof GraphQLError ? error.extensions['code'] : error;
    }
  });
}

describe('what was admitted before', () => {
  test('says nothing about a longer page', () => {
    const text = 'query($first: Int!) { boxes(first: $first) { id } }';
    const sizes = [5, 90, 101, 5, 10_000];
    assert.deepEqual(
      outcomes(
        text,
        sizes.map((first) => ({ variables: { first } })),
      ),
      ['admitted', 'admitted', 'OPERATION_TOO_EXPENSIVE', 'admitted', 'OPERATION_TOO_EXPENSIVE'],
    );
  });

  test('says nothing about somebody with other scopes, nor about nobody', () => {
    const variables = { id: '1' };
    const nobody: Identity = { ...identityWith(), kind: 'anonymous' };
    assert.deepEqual(
      outcomes('query($id: ID!) { box(id: $id) { price } }', [
        { variables, identity: identityWith('prices') },
        { variables, identity: identityWith() },
        { variables, identity: nobody },
        { variables, identity: identityWith('prices') },
      ]),
      ['admitted', 'FORBIDDEN', 'UNAUTHENTICATED', 'admitted'],
    );
  });

  test('says nothing about fields that another condition lets in', () => {
    const text = 'query($all: Boolean = false) { box(id: 1) { id price @include(if: $all) } }';
    const asked = [{}, { all: false }, { all: true }, {}].map((variables) => ({ variables }));
    assert.deepEqual(outcomes(text, asked), ['admitted', 'admitted', 'FORBIDDEN', 'admitted']);
  });

  test('says nothing about more of a list, or more fields of an input', () => {
    const text = 'query($by: Search!) { found(by: $by) { id } }';
    const word = (more: object = {}) => ({ text: 'x', ...more });
    const asked = [
      { words: [word()] },
      { words: [word({ fuzzy: true })] },
      { words: [1, 2, 3, 4].map(() => word({ fuzzy: false })) },
      // A key that looks like the shape of others.
      { words: [word()], note: { '}],"words":[{"text":"leaf","fuzzy":"leaf"': 1 } },
    ].map((by) => ({ variables: { by } }));
    assert.deepEqual(outcomes(text, asked), [
      'admitted',
      'admitted',
      'OPERATION_TOO_EXPENSIVE',
      'admitted',
    ]);
  });

  test('says nothing about variables that are not what they should be', () => {
    const asked = [{ first: 5 }, { first: '5' }, {}, { first: 5 }].map((variables) => ({
      variables,
    }));
    assert.deepEqual(outcomes('query($first: Int!) { boxes(first: $first) { id } }', asked), [
      'admitted',
      'BAD_USER_INPUT',
      'BAD_USER_INPUT',
      'admitted',
    ]);
  });
});
