import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createZonedTime } from './zoned-time.ts';

const at = (text: string) => Date.parse(text);

test('an instant is told on the clock of its zone, before and after it is put forward', () => {
  const { iso } = createZonedTime('Europe/Berlin');
  assert.equal(iso(at('2026-03-29T00:59:59Z')), '2026-03-29T01:59:59+01:00');
  assert.equal(iso(at('2026-03-29T01:00:00Z')), '2026-03-29T03:00:00+02:00');
  assert.equal(iso(at('2026-10-25T01:00:00Z')), '2026-10-25T02:00:00+01:00');
});

test('zones behind UTC, between hours and at it are told as well', () => {
  const noon = at('2026-01-01T12:00:00Z');
  assert.equal(createZonedTime('America/St_Johns').iso(noon), '2026-01-01T08:30:00-03:30');
  assert.equal(createZonedTime('Asia/Kathmandu').iso(noon), '2026-01-01T17:45:00+05:45');
  assert.equal(createZonedTime('UTC').iso(noon), '2026-01-01T12:00:00Z');
});
