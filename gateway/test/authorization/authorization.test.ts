import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ask, codeOf } from '../small-graph/ask.ts';
import { startSmallGraph } from '../small-graph/small-graph.ts';
import type { SmallGraph } from '../small-graph/small-graph.ts';
import { ORGANIZATIONS } from '../small-graph/tokens.ts';

describe('authorization', () => {
  let graph: SmallGraph;
  before(async () => {
    graph = await startSmallGraph();
  });
  after(() => graph.close());

  const [{ id: organization }] = ORGANIZATIONS;
  const selections: Record<string, { query: string; coordinate: string; path: string[] }> = {
    'a field': {
      query: '{ person(id: 1) { phone } }',
      coordinate: 'Person.phone',
      path: ['person', 'phone'],
    },
    'an alias': {
      query: '{ a: person(id: 1) { name: phone } }',
      coordinate: 'Person.phone',
      path: ['a', 'name'],
    },
    'an inline fragment': {
      query: '{ person(id: 1) { ... { phone } } }',
      coordinate: 'Person.phone',
      path: ['person', 'phone'],
    },
    'a fragment inside a fragment': {
      query:
        '{ person(id: 1) { ...A } } fragment A on Person { ...B } fragment B on Person { phone }',
      coordinate: 'Person.phone',
      path: ['person', 'phone'],
    },
    'a field of an interface that one type protects': {
      query: '{ named(id: 1) { phone } }',
      coordinate: 'Named.phone',
      path: ['named', 'phone'],
    },
    'a type of an interface': {
      query: '{ named(id: 1) { name ... on Person { phone } } }',
      coordinate: 'Person.phone',
      path: ['named', 'phone'],
    },
    'a member of a union': {
      query: '{ found { ... on Named { name } ... on Person { phone } } }',
      coordinate: 'Person.phone',
      path: ['found', 'phone'],
    },
    'a fragment on an interface inside a union': {
      query: '{ found { ... on Named { phone } } }',
      coordinate: 'Named.phone',
      path: ['found', 'phone'],
    },
    'a field behind another subgraph': {
      query: '{ parcel(id: 1) { recipient { phone } } }',
      coordinate: 'Person.phone',
      path: ['parcel', 'recipient', 'phone'],
    },
    'a field of a list': {
      query: '{ parcels(first: 2) { secret } }',
      coordinate: 'Parcel.secret',
      path: ['parcels', 'secret'],
    },
    'an included field': {
      query: 'query Q($yes: Boolean = true) { person(id: 1) { phone @include(if: $yes) } }',
      coordinate: 'Person.phone',
      path: ['person', 'phone'],
    },
  };

  for (const [what, { query, coordinate, path }] of Object.entries(selections)) {
    test(`protects ${what}`, async () => {
      graph.people.resolved.length = 0;
      const anonymous = await ask(graph.url, { query });
      assert.equal(anonymous.status, 401);
      assert.equal(codeOf(anonymous), 'UNAUTHENTICATED');
      const token = await graph.tokens.user(organization, 'other');
      const scopeless = await ask(graph.url, { query, token });
      assert.equal(scopeless.status, 403);
      const [error] = scopeless.errors ?? [];
      assert.equal(error?.extensions?.['code'], 'FORBIDDEN');
      assert.equal(error?.extensions?.['coordinate'], coordinate);
      assert.deepEqual(error?.path, path);
      assert.deepEqual(graph.people.resolved, []);
      const allowed = await ask(graph.url, {
        query,
        token: await graph.tokens.user(organization, 'pii'),
      });
      assert.equal(allowed.errors, undefined);
      assert.equal(allowed.status, 200);
    });
  }

  test('does not ask for what is left out by a variable', async () => {
    const query = 'query Q($all: Boolean!) { person(id: 1) { name phone @include(if: $all) } }';
    const answer = await ask(graph.url, { query, variables: { all: false } });
    assert.deepEqual(answer.data, { person: { name: 'Person 1' } });
    const all = await ask(graph.url, { query, variables: { all: true } });
    assert.equal(codeOf(all), 'UNAUTHENTICATED');
  });

  test('takes any alternative of scopes, but every scope of it', async () => {
    const query = '{ person(id: 1) { salary } }';
    for (const [scopes, code] of [
      [['pii'], 'FORBIDDEN'],
      [['finance'], 'FORBIDDEN'],
      [['pii', 'finance'], undefined],
      [['owner'], undefined],
    ] as const) {
      const token = await graph.tokens.user(organization, ...scopes);
      assert.equal(codeOf(await ask(graph.url, { query, token })), code, scopes.join(' '));
    }
  });

  test('asks for a caller, whatever the scopes, where that is all', async () => {
    assert.equal(codeOf(await ask(graph.url, { query: '{ notes }' })), 'UNAUTHENTICATED');
    const token = await graph.tokens.user(organization);
    assert.deepEqual((await ask(graph.url, { query: '{ notes }', token })).data, { notes: [] });
  });

  test('checks the operation that is asked for, not the others of its document', async () => {
    const query = 'query A { motto } query B { notes }';
    const answer = await ask(graph.url, { query, operationName: 'A' });
    assert.deepEqual(answer.data, { motto: 'On time' });
    assert.equal(codeOf(await ask(graph.url, { query, operationName: 'B' })), 'UNAUTHENTICATED');
  });

  test('hides what is inaccessible', async () => {
    const query = '{ partnerCredential(keySha256: "x") { client } }';
    assert.equal(codeOf(await ask(graph.url, { query })), 'GRAPHQL_VALIDATION_FAILED');
  });
});
