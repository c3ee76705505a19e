import assert from 'node:assert/strict';
import { test } from 'node:test';
import { graphql } from 'graphql';
import { heavyOperation, smallOperation } from './operations.ts';
import { subgraphSchema, supergraphSdl } from './subgraphs.ts';

test('the four subgraphs compose, and the answer of the heavy operation is some 88 kB', () => {
  const sdl = supergraphSdl('http://127.0.0.1:1');
  assert.match(sdl, /join__Graph/);
  const bytes = Buffer.byteLength(JSON.stringify({ data: heavyOperation.data }));
  assert.ok(bytes > 80_000 && bytes < 95_000, `got ${bytes}`);
});

test('a subgraph answers the small operation and entities with the right data', async () => {
  const small = await graphql({ schema: subgraphSchema('accounts'), source: smallOperation.query });
  assert.deepEqual(JSON.parse(JSON.stringify(small)), { data: smallOperation.data });
  const entities = await graphql({
    schema: subgraphSchema('inventory'),
    source: `query ($representations: [_Any!]!) {
      _entities(representations: $representations) { ... on Product { inStock shippingEstimate } }
    }`,
    variableValues: {
      representations: [{ __typename: 'Product', upc: '1', price: 399, weight: 300 }],
    },
  });
  assert.deepEqual(JSON.parse(JSON.stringify(entities.data)), {
    _entities: [{ inStock: true, shippingEstimate: 150 }],
  });
});
