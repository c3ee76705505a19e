import assert from 'node:assert/strict';
import { test } from 'node:test';

import { blocksOf, forEachAtMost } from './blocks.ts';

test('blocks cover a table once, and none has too many coordinates', () => {
  for (const rows of [1, 2, 7, 50, 99, 230]) {
    for (const columns of [1, 3, 49, 50, 51, 400]) {
      for (const maxCoordinates of [2, 3, 100]) {
        const seen = new Uint8Array(rows * columns);
        for (const block of blocksOf({ rows, columns }, maxCoordinates)) {
          const [[top, bottom], [left, right]] = [block.rows, block.columns];
          assert.ok(bottom - top + (right - left) <= maxCoordinates);
          for (let row = top; row < bottom; row++) {
            for (let column = left; column < right; column++) seen[row * columns + column]! += 1;
          }
        }
        assert.ok(seen.every((times) => times === 1));
      }
    }
  }
});

test('as few as possible: what fits is one block', () => {
  assert.equal(blocksOf({ rows: 50, columns: 50 }, 100).length, 1);
  assert.equal(blocksOf({ rows: 1, columns: 99 }, 100).length, 1);
  assert.equal(blocksOf({ rows: 90, columns: 10 }, 100).length, 1);
  assert.equal(blocksOf({ rows: 51, columns: 50 }, 100).length, 2);
});

test('work on many items stops with the first failure', async () => {
  const started: number[] = [];
  const work = async (item: number) => {
    started.push(item);
    await new Promise((resolve) => setImmediate(resolve));
    if (item === 3) throw new Error('three');
  };
  await assert.rejects(forEachAtMost(2, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], work), /three/);
  assert.ok(started.length <= 5);
});
