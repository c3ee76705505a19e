import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSharedByKey } from './shared-by-key.ts';

test('what is shared is opened for the first and closed after the last who holds it', async () => {
  const log: string[] = [];
  const shared = createSharedByKey();
  const hold = (key: string) =>
    shared.hold(key, () => {
      log.push(`opens ${key}`);
      return { close: async () => void log.push(`closes ${key}`) };
    });
  const [one, same, other] = [hold('a'), hold('a'), hold('b')];
  assert.equal(one.value, same.value);
  assert.notEqual(one.value, other.value);
  await one.release();
  assert.deepEqual(log, ['opens a', 'opens b']);
  await same.release();
  hold('a');
  assert.deepEqual(log, ['opens a', 'opens b', 'closes a', 'opens a']);
  await shared.close();
  assert.deepEqual(log.slice(4).toSorted(), ['closes a', 'closes b']);
});
