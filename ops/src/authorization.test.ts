import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildSchema } from 'graphql';
import { demand, requirementsOf } from './authorization.ts';
import { ANONYMOUS } from './identity.ts';

const schema = buildSchema(`
  directive @authenticated on FIELD_DEFINITION | OBJECT | SCALAR
  directive @requiresScopes(scopes: [[String!]!]!) on FIELD_DEFINITION | OBJECT | SCALAR
  type Query {
    open: Int
    login: Int @authenticated
    either: Int @requiresScopes(scopes: [["a", "b"], ["c"]])
    secret: [Secret!]
    both: Secret @requiresScopes(scopes: [["c"], ["d"]])
    money: Money
  }
  type Secret @requiresScopes(scopes: [["a"], ["b"]]) { id: ID! }
  scalar Money @authenticated
`);

test('a field demands what it, its parent and its type demand', () => {
  assert.deepEqual(Object.fromEntries(requirementsOf(schema)), {
    'Query.login': { authenticated: true, scopes: [] },
    'Query.either': { authenticated: true, scopes: [['a', 'b'], ['c']] },
    'Query.secret': { authenticated: true, scopes: [['a'], ['b']] },
    'Query.both': {
      authenticated: true,
      scopes: [
        ['c', 'a'],
        ['c', 'b'],
        ['d', 'a'],
        ['d', 'b'],
      ],
    },
    'Query.money': { authenticated: true, scopes: [] },
    'Secret.id': { authenticated: true, scopes: [['a'], ['b']] },
  });
});

test('a caller needs every scope of one alternative', () => {
  const requirement = { authenticated: true, scopes: [['a', 'b'], ['c']] };
  const caller = { ...ANONYMOUS, kind: 'user' as const };
  assert.doesNotThrow(() => demand(requirement, { ...caller, scopes: ['a', 'b'] }));
  assert.doesNotThrow(() => demand(requirement, { ...caller, scopes: ['x', 'c'] }));
  assert.throws(() => demand(requirement, { ...caller, scopes: ['a'] }), {
    extensions: { code: 'FORBIDDEN' },
    message: 'This needs the scope a and b, or c',
  });
  assert.throws(() => demand(requirement, { ...ANONYMOUS, scopes: ['c'] }), {
    extensions: { code: 'UNAUTHENTICATED' },
  });
});
