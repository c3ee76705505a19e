import assert from 'node:assert/strict';
import { test } from 'node:test';

import { readPresentation } from './presentation.ts';

function read(input: { locale?: string; timeZone?: string }): unknown {
  const result = readPresentation({ locale: 'en', unitSystem: 'METRIC', ...input });
  return 'presentation' in result
    ? [result.presentation.locale, result.presentation.timeZone]
    : result.userErrors.map(({ code, path }) => `${code} ${path.join('.')}`);
}

test('tags and zones are kept in their canonical form', () => {
  assert.deepEqual(read({}), ['en', null]);
  assert.deepEqual(read({ locale: 'de-at', timeZone: 'europe/vienna' }), [
    'de-AT',
    'Europe/Vienna',
  ]);
  assert.deepEqual(read({ locale: 'de-u-nu-arab-ca-buddhist' }), ['de', null]);
});

test('what is no language or zone, or cannot be printed, is refused with its path', () => {
  for (const locale of ['', 'xx', 'not a tag', 'a'.repeat(100), 'ja', 'ar-EG', 'zh-Hant']) {
    assert.deepEqual(read({ locale }), ['INVALID input.locale'], locale);
  }
  for (const timeZone of ['', 'Mars/Olympus', '+01:00', 'Europe/Berlin; drop']) {
    assert.deepEqual(read({ timeZone }), ['INVALID input.timeZone'], timeZone);
  }
  assert.deepEqual(read({ locale: 'xx', timeZone: '?' }), [
    'INVALID input.locale',
    'INVALID input.timeZone',
  ]);
});
