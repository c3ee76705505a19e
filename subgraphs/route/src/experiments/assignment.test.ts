import assert from 'node:assert/strict';
import { test } from 'node:test';

import { newId } from '@quantumroute/schema/ids';
import fc from 'fast-check';

import { variantOfDay } from './assignment.ts';

const DEPOT = '018f2b6a-7c1d-7a55-9e0b-3f6f5a1c2d3e';
const VARIANTS = [
  { key: 'control', weight: 3 },
  { key: 'treatment', weight: 1 },
];

function dateOf(day: number): string {
  return new Date(Date.UTC(2026, 0, 1 + day)).toISOString().slice(0, 10);
}

test('a depot and day have the variants that they always had', () => {
  const keys = Array.from({ length: 12 }, (_, day) => {
    const depotDay = { depotId: DEPOT, date: dateOf(day) };
    return variantOfDay('sisr-or-ils', depotDay, VARIANTS).key[0];
  });
  assert.equal(keys.join(''), 'tcccccccccct');
});

test('every depot-day gets one of the variants that have a weight, and the same one again', () => {
  const weights = fc
    .array(fc.nat(100), { minLength: 2, maxLength: 5 })
    .filter((list) => list.some((weight) => weight > 0));
  const days = fc.record({ depotId: fc.uuid(), day: fc.nat(3_650) });
  fc.assert(
    fc.property(fc.string(), days, weights, (key, { depotId, day }, list) => {
      const variants = list.map((weight, index) => ({ key: index, weight }));
      const depotDay = { depotId, date: dateOf(day) };
      const variant = variantOfDay(key, depotDay, variants);
      assert.ok(variant.weight > 0);
      assert.equal(variantOfDay(key, { ...depotDay }, [...variants]), variant);
    }),
  );
});

/**
 * 20,000 depot-days: the shares are within 4.5 standard deviations of the weights, which a true draw
 * leaves once in 150,000 times. Depots and key are fixed, so that the test always sees the same days.
 */
test('the variants are drawn as often as their weights say', () => {
  const variants = [5, 3, 1, 1, 0].map((weight, index) => ({ key: index, weight }));
  const drawn = new Map<number, number>();
  const [depots, days] = [20, 1_000];
  for (let depot = 0; depot < depots; depot++) {
    for (let day = 0; day < days; day++) {
      const depotDay = { depotId: `${DEPOT.slice(0, -2)}${depot + 10}`, date: dateOf(day) };
      const { key } = variantOfDay('shares', depotDay, variants);
      drawn.set(key, (drawn.get(key) ?? 0) + 1);
    }
  }
  const n = depots * days;
  for (const { key, weight } of variants) {
    const share = weight / 10;
    const deviation = Math.sqrt(n * share * (1 - share));
    const difference = Math.abs((drawn.get(key) ?? 0) - n * share);
    assert.ok(difference <= 4.5 * deviation, `variant ${key}: ${drawn.get(key)} of ${n}`);
  }
});

test('neither yesterday, nor another depot, nor another experiment tells which variant it is', () => {
  const even = [
    { key: 0, weight: 1 },
    { key: 1, weight: 1 },
  ];
  const n = 10_000;
  const agreeing = { day: 0, depot: 0, experiment: 0 };
  for (let day = 0; day < n; day++) {
    const at = (experiment: string, depotId: string, date: number) =>
      variantOfDay(experiment, { depotId, date: dateOf(date) }, even).key;
    const here = at('a', DEPOT, day);
    if (here === at('a', DEPOT, day + 1)) agreeing.day++;
    if (here === at('a', `${DEPOT.slice(0, -1)}f`, day)) agreeing.depot++;
    if (here === at('b', DEPOT, day)) agreeing.experiment++;
  }
  for (const [what, count] of Object.entries(agreeing)) {
    assert.ok(Math.abs(count - n / 2) <= 4.5 * Math.sqrt(n / 4), `${what}: ${count} of ${n}`);
  }
});

test('variants without any weight cannot be drawn', () => {
  const none = [{ key: 'a', weight: 0 }];
  assert.throws(
    () => variantOfDay('x', { depotId: newId(), date: '2026-12-01' }, none),
    RangeError,
  );
});
