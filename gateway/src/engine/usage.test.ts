import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createUsage } from './usage.ts';

test('what is used is waited for until the last has left, or the time is up', async () => {
  const usage = createUsage();
  await usage.unused({ withinMs: 60_000 });
  const log: string[] = [];
  const [one, other] = [usage.enter(), usage.enter()];
  const unused = usage.unused({ withinMs: 60_000 }).then(() => log.push('unused'));
  await usage.unused({ withinMs: 1 });
  one.leave();
  one.leave();
  await usage.unused({ withinMs: 1 });
  assert.deepEqual(log, []);
  other.leave();
  await unused;
});
