import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { createRetries } from './retries.ts';

/** Retries on a clock that a test moves; `rings` are the times of the rings. */
function clocked(t: { after(fn: () => void): void }) {
  mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  t.after(() => mock.timers.reset());
  const rings: number[] = [];
  const retries = createRetries(() => rings.push(Date.now()));
  const passMs = (ms: number) => {
    for (let passed = 0; passed < ms; passed += 5) mock.timers.tick(5);
  };
  return { rings, retries, passMs };
}

test('a failure rings once, after half a second or so, however often it is told', (t) => {
  const { rings, retries, passMs } = clocked(t);
  retries.failed();
  passMs(200);
  retries.failed();
  passMs(5_000);
  assert.equal(rings.length, 1);
  assert.ok(Number(rings[0]) >= 375 && Number(rings[0]) <= 630, `${rings[0]}`);
});

test('failures in a row ring later and later, within four seconds', (t) => {
  const { rings, retries, passMs } = clocked(t);
  let last = 0;
  const waits: number[] = [];
  for (let failures = 0; failures < 8; failures += 1) {
    retries.failed();
    passMs(4_000);
    waits.push(Number(rings[failures]) - last);
    last += 4_000;
  }
  assert.equal(rings.length, 8);
  assert.ok(Number(waits[1]) >= 750 && Number(waits[2]) >= 1_500, waits.join());
  assert.ok(waits.every((wait) => wait < 4_000));
});

test('after a success the next failure is the first again, and nothing rings meanwhile', (t) => {
  const { rings, retries, passMs } = clocked(t);
  for (let failures = 0; failures < 4; failures += 1) {
    retries.failed();
    passMs(4_000);
  }
  retries.failed();
  retries.worked();
  passMs(10_000);
  assert.equal(rings.length, 4);
  retries.failed();
  passMs(700);
  assert.equal(rings.length, 5);
});

test('nothing rings after the end, whatever fails', (t) => {
  const { rings, retries, passMs } = clocked(t);
  retries.failed();
  retries.end();
  retries.failed();
  passMs(10_000);
  assert.deepEqual(rings, []);
});
