import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeCursor, encodeCursor } from './cursor.ts';
import type { CursorPart } from './cursor.ts';

const cursors: CursorPart[][] = [
  ['2026-11-23T05:00:00.000Z', '01a206c5-bbab-7229-8ddc-f15c6de67b7b'],
  [0],
  [-1.5, 'Žofie 🚚', ''],
];

test('a cursor gives back its parts', () => {
  for (const parts of cursors) assert.deepEqual(decodeCursor(encodeCursor(parts)), parts);
});

test('a cursor with one character changed is refused', () => {
  const cursor = encodeCursor(['Van 12', 7]);
  for (let index = 0; index < cursor.length; index += 1) {
    const other = cursor[index] === 'A' ? 'B' : 'A';
    const tampered = cursor.slice(0, index) + other + cursor.slice(index + 1);
    assert.equal(decodeCursor(tampered), null, tampered);
  }
});

test('what is no cursor is refused', () => {
  const strangers = ['', ' ', 'null', '[]', btoa('["a"]'), '\0', '\uD800', 'A'.repeat(5000)];
  for (const text of strangers) assert.equal(decodeCursor(text), null, JSON.stringify(text));
});

test('a cursor in another spelling of the same bytes is refused', () => {
  const cursor = encodeCursor(['a']);
  for (const text of [`${cursor}=`, ` ${cursor}`, `${cursor}\n`]) {
    assert.equal(decodeCursor(text), null, JSON.stringify(text));
  }
});
