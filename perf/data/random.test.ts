import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom } from './random.ts';
import { sortableId } from './sortable-id.ts';

const draws = (seed: string): number[] => {
  const random = createRandom(seed);
  return Array.from({ length: 10_000 }, random.next);
};

test('the same seed gives the same numbers, another seed others', () => {
  assert.deepEqual(draws('a'), draws('a'));
  assert.notDeepEqual(draws('a').slice(0, 5), draws('b').slice(0, 5));
});

test('numbers are spread evenly from 0 to 1', () => {
  const numbers = draws('even');
  assert.ok(numbers.every((number) => number >= 0 && number < 1));
  const mean = numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
  assert.ok(Math.abs(mean - 0.5) < 0.01, `mean ${mean}`);
});

test('ids are distinct UUIDs of version 7 that sort by their instant', () => {
  const random = createRandom('ids');
  const ids = Array.from({ length: 2000 }, (_, index) =>
    sortableId(random, 1_790_000_000_000 + index),
  );
  assert.equal(new Set(ids).size, ids.length);
  assert.deepEqual(ids.toSorted(), ids);
  for (const id of ids) {
    assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  }
});
