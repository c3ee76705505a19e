import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCursors, cursorIn } from './cursors.ts';

const { seal, open } = createCursors('a key of the tests');
const isBadInput = {
  extensions: { code: 'BAD_USER_INPUT', argumentPath: ['extensions', 'cursor'] },
};

test('a cursor leads back to its position', () => {
  for (const position of ['v.1', 'e.17.1764468000000.W10', '']) {
    assert.equal(open(seal(position, 'one'), 'one'), position);
  }
});

test('a cursor is of no use for another subscription, or after a change', () => {
  const cursor = seal('v.12', 'one');
  assert.throws(() => open(cursor, 'other'), isBadInput);
  assert.throws(() => createCursors('another key').open(cursor, 'one'), isBadInput);
  const bytes = Buffer.from(cursor, 'base64url');
  for (let at = 0; at < bytes.length; at += 1) {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ 1;
    assert.throws(() => open(changed.toString('base64url'), 'one'), isBadInput);
  }
  for (const nothing of ['', 'x', '%%%', 'a'.repeat(10_000)]) {
    assert.throws(() => open(nothing, 'one'), isBadInput);
  }
});

test('a request has a cursor, none yet, or will not resume', () => {
  assert.equal(cursorIn({ cursor: 'abc' }), 'abc');
  assert.equal(cursorIn({ cursor: null }), null);
  assert.equal(cursorIn({}), undefined);
  assert.equal(cursorIn(undefined), undefined);
  assert.throws(() => cursorIn({ cursor: 7 }), isBadInput);
});
