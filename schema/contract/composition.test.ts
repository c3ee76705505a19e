import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compose, readSubgraphs, readSupergraph } from './composition.ts';

test('the committed supergraph is what the subgraphs compose to', () => {
  const composition = compose(readSubgraphs());
  assert.equal(composition.kind, 'composed');
  assert.ok(composition.kind === 'composed' && composition.supergraphSdl === readSupergraph());
});

test('subgraphs that contradict each other are refused with a code and a reason', () => {
  const broken = readSubgraphs().map((subgraph) =>
    subgraph.name === 'report'
      ? { ...subgraph, sdl: subgraph.sdl.replace('hasNextPage: Boolean!', 'hasNextPage: Int!') }
      : subgraph,
  );
  const composition = compose(broken);
  assert.equal(composition.kind, 'refused');
  assert.ok(composition.kind === 'refused');
  assert.match(composition.errors.join('\n'), /FIELD_TYPE_MISMATCH: .*PageInfo\.hasNextPage/);
});
