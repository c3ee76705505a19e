import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { bytesOf, fromByteText, readByteText, toByteText } from './byte-text.ts';

const TEXTS = [
  '',
  'plain',
  'Zoë',
  'Emre Şahin, 木 Str. 7',
  '🚚',
  '\u0000\u007F\u0080\u00FF\uFFFD\uFEFF',
];

describe('a byte text', () => {
  for (const text of TEXTS) {
    test(`is as long as its UTF-8, and gives it back: ${JSON.stringify(text)}`, () => {
      const bytes = Buffer.from(text);
      assert.equal(toByteText(text).length, bytes.length);
      assert.equal(readByteText(bytes), toByteText(text));
      assert.equal(fromByteText(toByteText(text)), text);
      assert.deepEqual(bytesOf(toByteText(text)), bytes);
    });
  }

  test('of bytes that are not UTF-8 says so where they were', () => {
    const broken = Buffer.from([0x61, 0xff, 0xc3, 0x62]);
    assert.equal(fromByteText(readByteText(broken)), 'a\uFFFD\uFFFDb');
  });
});
