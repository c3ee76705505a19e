import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Told } from './follower.ts';
import { judge } from './verdict.ts';

const CLEAN = { missed: 0, outOfOrder: 0, repeated: 0, repeatedAfterGap: 0, gaps: 0 };
const ends = new Map([
  ['a', 3],
  ['b', 2],
]);

test('finds nothing when every end was told, states in between or not', () => {
  assert.deepEqual(judge([told('a', 1), told('b', 2), told('a', 3)], ends), CLEAN);
});

test('counts an end that was not told, a state that came again and one that came late', () => {
  const seen = [told('a', 1), told('a', 1), told('a', 2), told('a', 1), told('b', 2)];
  assert.deepEqual(judge(seen, ends), { ...CLEAN, missed: 1, repeated: 1, outOfOrder: 1 });
});

test('lets states come again after a gap, on that connection only', () => {
  const seen = [told('a', 3), told('b', 2), told('a', 3, { gap: true, connection: 1 })];
  const later = [told('b', 2, { connection: 1 }), told('b', 2, { connection: 2 })];
  const verdict = { ...CLEAN, gaps: 1, repeatedAfterGap: 2, repeated: 1 };
  assert.deepEqual(judge([...seen, ...later], ends), verdict);
});

function told(id: string, version: number, { gap = false, connection = 0 } = {}): Told {
  return { id, version, status: 'RUNNING', gap, connection };
}
