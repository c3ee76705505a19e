import assert from 'node:assert/strict';
import { test } from 'node:test';

import { MAX_COMPUTING_MS, takeTurn } from './take-turn.ts';

test('a request has the thread again after others, until its time is up or its caller gone', async () => {
  const turns: string[] = [];
  setImmediate(() => turns.push('another'));
  const { signal } = new AbortController();
  await takeTurn({ nowMs: Date.now(), signal }, 'Ask for less');
  assert.deepEqual(turns, ['another']);
  const old = { nowMs: Date.now() - MAX_COMPUTING_MS - 1, signal };
  await assert.rejects(takeTurn(old, 'Ask for less'), /Ask for less/);
  const gone = { nowMs: Date.now(), signal: AbortSignal.abort() };
  await assert.rejects(takeTurn(gone, 'Ask for less'), { name: 'AbortError' });
});
