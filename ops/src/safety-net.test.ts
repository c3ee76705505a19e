import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { createSafetyNet } from './safety-net.ts';

test('a safety net looks again and again, soon after a failure, and no more when it is closed', async (t) => {
  mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
  t.after(() => mock.timers.reset());
  let looks = 0;
  let isAway = false;
  const failures: unknown[] = [];
  const net = createSafetyNet({
    everyMs: 3_000,
    look: async () => {
      looks += 1;
      if (isAway) throw new Error('away');
    },
    onFailure: (error) => failures.push(error),
  });
  const pass = async (ms: number) => {
    mock.timers.tick(ms);
    await turn();
  };
  await pass(3_000);
  assert.equal(looks, 1);
  isAway = true;
  await net.look();
  assert.equal(failures.length, 1);
  isAway = false;
  await pass(700);
  assert.equal(looks, 3, 'long before the next regular look');
  await pass(2_000);
  assert.equal(looks, 3);
  await pass(300);
  assert.equal(looks, 4);
  isAway = true;
  await net.look();
  net.close();
  await pass(10_000);
  assert.equal(looks, 5);
});
