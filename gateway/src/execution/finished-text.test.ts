import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FinishedText, stringifyResult, withPlainData } from './finished-text.ts';

const data = new FinishedText('{"a":1.0}') as never;

test('finished data are written as they are, with whatever else is told', () => {
  assert.equal(stringifyResult({ data }), '{"data":{"a":1.0}}\n');
  const errors = [{ message: 'no' }];
  assert.equal(
    stringifyResult({ data, errors }),
    '{"data":{"a":1.0},"errors":[{"message":"no"}]}\n',
  );
  assert.equal(stringifyResult({ data: null }), '{"data":null}\n');
});

test('who wants to look inside finds objects', () => {
  assert.deepEqual(withPlainData({ data, errors: [] }), { data: { a: 1 }, errors: [] });
  assert.equal(JSON.stringify({ data }), '{"data":{"a":1}}');
});
