import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createBreaker } from './breaker.ts';

describe('a breaker', () => {
  test('rests after a failure, lets one caller try, and closes when he succeeds', async () => {
    let now = 1;
    let tries = 0;
    let isAway = true;
    const failures: unknown[] = [];
    const breaker = createBreaker({
      restMs: 100,
      now: () => now,
      onFailure: (error) => failures.push(error),
    });
    const work = () =>
      breaker.run(async () => {
        tries += 1;
        if (isAway) throw new Error('away');
        return 'value';
      }, 'fallback');

    assert.equal(await work(), 'fallback');
    assert.equal(await work(), 'fallback');
    assert.equal(tries, 1);
    now += 101;
    assert.deepEqual(await Promise.all([work(), work(), work()]), Array(3).fill('fallback'));
    assert.equal(tries, 2);
    now += 101;
    isAway = false;
    assert.equal(await work(), 'value');
    assert.equal(await work(), 'value');
    assert.equal(failures.length, 2);
  });
});
