import assert from 'node:assert/strict';
import { test } from 'node:test';

import { readRange } from './byte-range.ts';

test('one range of bytes is read, from either end', () => {
  assert.deepEqual(readRange('bytes=0-9', 100), { start: 0, end: 9 });
  assert.deepEqual(readRange('bytes=90-', 100), { start: 90, end: 99 });
  assert.deepEqual(readRange('bytes=-10', 100), { start: 90, end: 99 });
  assert.deepEqual(readRange('bytes=50-1000', 100), { start: 50, end: 99 });
  assert.deepEqual(readRange('bytes=-1000', 100), { start: 0, end: 99 });
});

test('bytes that are not there are told, what is no single range is ignored', () => {
  assert.equal(readRange('bytes=100-', 100), 'unsatisfiable');
  assert.equal(readRange('bytes=-0', 100), 'unsatisfiable');
  assert.equal(readRange('bytes=0-', 0), 'unsatisfiable');
  for (const header of [
    undefined,
    '',
    'bytes=',
    'bytes=-',
    'bytes=9-1',
    'bytes=0-1,5-6',
    'rows=0-1',
  ]) {
    assert.equal(readRange(header, 100), 'whole');
  }
});
