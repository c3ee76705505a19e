import assert from 'node:assert/strict';
import { test } from 'node:test';
import { envelop, useEngine } from '@envelop/core';
import { parse } from 'graphql';
import { cachedDocuments } from './envelop-documents.ts';

test('documents are remembered until others need their place, by the length of their texts', () => {
  const { parse: parsed } = envelop({
    plugins: [useEngine({ parse }), cachedDocuments({ maxCharacters: 40 })],
  })({});
  const first: unknown = parsed('{ first }');
  assert.equal(parsed('{ first }'), first);
  parsed(`{ ${'x'.repeat(30)} }`);
  assert.notEqual(parsed('{ first }'), first);
});
