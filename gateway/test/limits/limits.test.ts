import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ask, codeOf } from '../small-graph/ask.ts';
import { startSmallGraph } from '../small-graph/small-graph.ts';
import type { SmallGraph } from '../small-graph/small-graph.ts';

describe('limits', () => {
  let graph: SmallGraph;
  before(async () => {
    graph = await startSmallGraph();
  });
  after(() => graph.close());

  const times = (count: number, make: (index: number) => string) =>
    Array.from({ length: count }, (_, index) => make(index)).join(' ');
  const nested = (depth: number): string =>
    depth === 0 ? 'id' : `friends(first: 1) { ${nested(depth - 1)} }`;
  const doubling = (depth: number) =>
    times(depth, (n) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} }`);

  const operations: Record<string, [query: string, variables?: Record<string, unknown>]> = {
    tokens: [`{ ${times(5_000, () => 'motto')} }`],
    depth: [`{ people(first: 1) { ${nested(30)} } }`],
    aliases: [`{ person(id: 1) { ${times(51, (n) => `a${n}: __typename`)} } }`],
    rootFields: [`{ ${times(21, () => 'motto')} }`],
    directives: [`{ motto ${times(51, () => '@skip(if: false)')} }`],
    repeats: [`{ person(id: 1) { ${times(202, () => 'friends { id }')} } }`],
    selections: [`{ ...F0 } ${doubling(12)} fragment F12 on Query { motto }`],
    cost: ['{ people(first: 1000000) { id } }'],
  };
  for (const [name, [query, variables = {}]] of Object.entries(operations)) {
    test(`too many ${name} are refused with the figures, before any subgraph is called`, async () => {
      graph.people.resolved.length = 0;
      const startedAt = performance.now();
      const answer = await ask(graph.url, { query, variables });
      const elapsedMs = performance.now() - startedAt;
      assert.equal(answer.status, 400);
      assert.equal(codeOf(answer), 'OPERATION_TOO_EXPENSIVE');
      const limit = answer.errors?.[0]?.extensions?.['limit'] as Record<string, unknown>;
      assert.equal(limit['name'], name);
      assert.ok(Number(limit['found']) > Number(limit['allowed']));
      assert.deepEqual(graph.people.resolved, []);
      assert.ok(elapsedMs < 1_000, `${elapsedMs} ms`);
    });
  }

  const costly: Record<string, [query: string, variables: Record<string, unknown>]> = {
    'list sizes in variables': [
      'query Q($n: Int!) { people(first: $n) { friends(first: $n) { id } } }',
      { n: 1_000 },
    ],
    'defaults of variables': [
      'query Q($n: Int = 1000) { people(first: $n) { friends(first: $n) { id } } }',
      {},
    ],
    'lists inside lists': [
      '{ people(first: 40) { friends(first: 40) { friends(first: 40) { id } } } }',
      {},
    ],
    'sizes that a field tells of its parts': ['{ paged(first: 60000) { nodes { id } } }', {}],
    'defaults of arguments': [`{ people(first: 6000) { friends { id } } }`, {}],
    fragments: [
      '{ people(first: 6000) { ...P } } fragment P on Person { friends(first: 10) { id } }',
      {},
    ],
  };
  for (const [what, [query, variables]] of Object.entries(costly)) {
    test(`the cost counts ${what}`, async () => {
      assert.equal(codeOf(await ask(graph.url, { query, variables })), 'OPERATION_TOO_EXPENSIVE');
    });
  }

  test('variables that do not fit are a mistake of the client', async () => {
    const query = 'query Q($n: Int!) { people(first: $n) { id } }';
    for (const n of ['many', null, 1.5]) {
      const answer = await ask(graph.url, { query, variables: { n } });
      assert.equal(answer.status, 400);
      assert.equal(codeOf(answer), 'BAD_USER_INPUT');
    }
  });

  test('so is a null for an argument or a condition that has a default', async () => {
    for (const query of [
      'query Q($v: Int = 3) { people(first: $v) { id } }',
      'query Q($v: Boolean = true) { motto @skip(if: $v) }',
    ]) {
      const answer = await ask(graph.url, { query, variables: { v: null } });
      assert.equal(answer.status, 400);
      assert.equal(codeOf(answer), 'BAD_USER_INPUT');
    }
  });

  test('thousands of wrong values are refused as fast as one', async () => {
    const query = 'query Q($among: [ID!]) { parcels(among: $among) { id } }';
    const among = Array.from({ length: 20_000 }, () => true);
    const startedAt = performance.now();
    const answer = await ask(graph.url, { query, variables: { among } });
    assert.equal(codeOf(answer), 'BAD_USER_INPUT');
    assert.ok(performance.now() - startedAt < 300);
  });

  test('what is nested without end is refused, in a document as in variables', async () => {
    const deep = 10_000;
    const lists = `${'['.repeat(deep)}${']'.repeat(deep)}`;
    const bodies = [
      JSON.stringify({ query: `{ person(id: ${lists.slice(0, 3_000)}` }),
      `{"query":"{ motto }","variables":{"a":${lists}}}`,
    ];
    for (const body of bodies) {
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(`${graph.url}/graphql`, { method: 'POST', headers, body });
      assert.equal(answer.status, 400);
      assert.match(await answer.text(), /OPERATION_TOO_EXPENSIVE/);
    }
  });

  test('fragments that nothing uses count too', async () => {
    const query = `{ motto } fragment F on Person { ${times(600, () => 'friends { id }')} }`;
    assert.equal(codeOf(await ask(graph.url, { query })), 'OPERATION_TOO_EXPENSIVE');
  });

  test('an unknown or missing operation name is a mistake of the client', async () => {
    const query = 'query A { motto } query B { motto }';
    for (const operationName of ['C', undefined]) {
      const named = operationName === undefined ? {} : { operationName };
      const answer = await ask(graph.url, { query, ...named });
      assert.equal(answer.status, 400);
      assert.equal(codeOf(answer), 'OPERATION_RESOLUTION_FAILURE');
    }
  });

  test('a fragment inside itself is the validator’s to refuse', async () => {
    const query = '{ ...A } fragment A on Query { motto ...A }';
    assert.equal(codeOf(await ask(graph.url, { query })), 'GRAPHQL_VALIDATION_FAILED');
  });

  test('a body above 1 MB is refused', async () => {
    const answer = await ask(graph.url, { query: `{ motto } # ${'x'.repeat(1_100_000)}` });
    assert.equal(answer.status, 413);
    assert.equal(codeOf(answer), 'PAYLOAD_TOO_LARGE');
  });

  test('a body below it may grow on its way to a subgraph', async () => {
    const query = `{ person(id: """${'x\\n'.repeat(200_000)}""") { id } }`;
    assert.equal((await ask(graph.url, { query })).errors, undefined);
  });

  test('an introspection as tools send it is within the limits', async () => {
    const { getIntrospectionQuery } = await import('graphql');
    const answer = await ask(graph.url, { query: getIntrospectionQuery() });
    assert.equal(answer.errors, undefined);
  });
});
