import assert from 'node:assert/strict';
import { test } from 'node:test';

import { differenceOf, intervalOf, twoSidedP } from './difference.ts';
import { holm } from './holm.ts';
import type { Sample, Spread } from './sample.ts';

function sample(values: readonly number[], control?: readonly number[]): Sample {
  const pairs = control && values.map((value, place) => value - (control[place] ?? 0));
  return {
    figure: 'variantCostPerOrder',
    variantKey: 'x',
    days: spread(values),
    pairs: pairs ? spread(pairs) : null,
  };
}

function spread(values: readonly number[]): Spread {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { n, mean, variance: n < 2 ? null : squares / (n - 1) };
}

function close(actual: number | undefined, expected: number, within: number): void {
  assert.ok(Math.abs((actual ?? NaN) - expected) <= within, `${actual} is not ${expected}`);
}

// Student's own data, The Probable Error of a Mean (1908): hours of sleep gained by two drugs.
const FIRST = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0];
const SECOND = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];

test('Welch gives what is published for Student’s sleep data', () => {
  const difference = differenceOf(sample(FIRST), sample(SECOND)) ?? assert.fail();
  close(difference.delta / difference.standardError, -1.8608, 5e-5);
  close(difference.degreesOfFreedom, 17.776, 5e-4);
  close(twoSidedP(difference), 0.07939, 5e-6);
  const [low, high] = intervalOf(difference, 0.95);
  close(low, -3.3654832, 5e-7);
  close(high, 0.2054832, 5e-7);
});

test('pairs give what is published for Student’s sleep data', () => {
  const difference = differenceOf(sample(FIRST, SECOND), sample(SECOND)) ?? assert.fail();
  close(difference.delta / difference.standardError, -4.0621, 5e-5);
  assert.equal(difference.degreesOfFreedom, 9);
  close(twoSidedP(difference), 0.002833, 5e-7);
  const [low, high] = intervalOf(difference, 0.95);
  close(low, -2.4598858, 5e-7);
  close(high, -0.7001142, 5e-7);
});

test('values that are all the same differ for certain or not at all', () => {
  const day = (n: number, mean: number): Sample => ({
    ...sample([mean]),
    days: { n, mean, variance: 0 },
  });
  // 0.1 + 0.2 is not quite 0.3
  const same = differenceOf(day(3, 0.1 + 0.2), day(2, 0.3)) ?? assert.fail();
  assert.deepEqual([same.delta, twoSidedP(same), ...intervalOf(same, 0.95)], [0, 1, 0, 0]);
  const other = differenceOf(day(3, 3), day(2, 2)) ?? assert.fail();
  assert.deepEqual([other.delta, twoSidedP(other), ...intervalOf(other, 0.95)], [1, 0, 1, 1]);
});

test('a single depot-day is compared with nothing', () => {
  assert.equal(differenceOf(sample([1]), sample([1, 2])), null);
  assert.equal(differenceOf(sample([1], [2]), sample([2])), null);
});

test('Holm raises p-values by how many are left, and never changes their order', () => {
  // of three, 0.01 × 3; then 0.02 × 2; then the larger of 0.03 × 1 and what came before
  assert.deepEqual(holm([0.03, 0.01, 0.02]), [0.04, 0.03, 0.04]);
  assert.deepEqual(holm([0.6, 0.5]), [1, 1]);
  assert.deepEqual(holm([0.04]), [0.04]);
  assert.deepEqual(holm([]), []);
});
