import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connectivityOf } from './connectivity.ts';

test('goes from online over stale to offline with the age of the position', () => {
  const at = (ageSeconds: number | null) => connectivityOf({ ageSeconds, staleAfterSeconds: 120 });
  assert.equal(at(null), 'NEVER_SEEN');
  assert.deepEqual([-10, 0, 119.9].map(at), ['ONLINE', 'ONLINE', 'ONLINE']);
  assert.deepEqual([120, 899].map(at), ['STALE', 'STALE']);
  assert.deepEqual([900, 1e9].map(at), ['OFFLINE', 'OFFLINE']);
});

test('has no stale vehicles in an organization that waits for longer than 15 minutes', () => {
  const at = (ageSeconds: number) => connectivityOf({ ageSeconds, staleAfterSeconds: 3600 });
  assert.deepEqual([1000, 3599, 3600].map(at), ['ONLINE', 'ONLINE', 'OFFLINE']);
});
