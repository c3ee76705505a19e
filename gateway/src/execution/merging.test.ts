import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FAILED, GONE, emptyNode } from './answer-node.ts';
import type { AnswerNode } from './answer-node.ts';
import { merged } from './merging.ts';

function node(slots: Partial<AnswerNode>, t?: string): AnswerNode {
  return Object.assign(emptyNode(t), slots);
}

test('what two fetches tell of an object is put together, nulls too', () => {
  const known = node({ $id: '1', $name: null, $list: [node({ $a: '2' }), null] });
  const more = node({ $size: null, $name: '"n"', $list: [node({ $b: null }), null] }, 'Box');
  assert.equal(merged(known, more), known);
  const list = [node({ $a: '2', $b: null }), null];
  assert.deepEqual(known, node({ $id: '1', $name: '"n"', $size: null, $list: list }, 'Box'));
});

test('the first value counts, and any value more than why there is none', () => {
  assert.equal(merged('1', '2'), '1');
  assert.equal(merged('1', null), '1');
  for (const none of [undefined, null, FAILED, GONE] as const) assert.equal(merged(none, '2'), '2');
  for (const none of [null, FAILED, GONE] as const) assert.equal(merged(none, undefined), none);
  for (const none of [FAILED, GONE] as const) assert.equal(merged(none, null), none);
  assert.equal(merged(undefined, null), null);
});

test('lists of another length are not put together', () => {
  const known = [node({ $a: '1' })];
  assert.equal(merged(known, []), known);
});
