import assert from 'node:assert/strict';
import { test } from 'node:test';
import { boundedCount, connectionOf, pageOf } from './page.ts';

test('a page reads one row more than asked for', () => {
  assert.deepEqual(pageOf({ first: 2 }), { limit: 3, after: null });
  assert.deepEqual(pageOf({ first: 0, after: 'x' }), { limit: 1, after: 'x' });
});

test('a page outside of its limits is refused with the path of the argument', () => {
  for (const first of [-1, 201, 1.5, Number.NaN]) {
    assert.throws(() => pageOf({ first }), {
      extensions: { code: 'BAD_USER_INPUT', argumentPath: ['first'] },
    });
  }
  assert.throws(() => pageOf({ first: 11 }, { max: 10 }));
});

test('a connection ends where the rows end', () => {
  assert.deepEqual(connectionOf(['a', 'b', 'c'], 2, String), {
    nodes: ['a', 'b'],
    pageInfo: { hasNextPage: true, endCursor: 'b' },
  });
  assert.deepEqual(connectionOf([], 2, String), {
    nodes: [],
    pageInfo: { hasNextPage: false, endCursor: null },
  });
  assert.equal(connectionOf(['a'], 0, String).pageInfo.hasNextPage, true);
});

test('a bounded count says when it stopped counting', () => {
  assert.deepEqual(boundedCount(1000, 1000), { value: 1000, precision: 'EXACT' });
  assert.deepEqual(boundedCount(1001, 1000), { value: 1000, precision: 'AT_LEAST' });
});
