import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import type { FigureKey } from '../figures/catalogue.ts';
import type { Variant } from './metric.ts';
import { outcomeOf } from './outcome.ts';
import type { Sample, Samples } from './sample.ts';

const TWO = [
  { key: 'treatment', isControl: false },
  { key: 'control', isControl: true },
];
const THREE = [...TWO, { key: 'other', isControl: false }];

/** 20 depot-days with a standard deviation of 1 about the mean. */
function sample(
  variantKey: string,
  mean: number,
  about: Partial<Sample['days']> & { figure?: FigureKey } = {},
): Sample {
  const { figure = 'variantCostPerOrder', n = 20, variance = 1 } = about;
  return { figure, variantKey, days: { n, mean, variance }, pairs: null };
}

function outcome(samples: readonly Sample[], variants: readonly Variant[] = TWO) {
  const all: Samples = { computedAt: new Date(0), samples };
  return outcomeOf(all, variants);
}

const verdict = (...args: Parameters<typeof outcome>) => outcome(...args).verdict;

describe('the verdict', () => {
  test('is by the planned cost per order', () => {
    assert.equal(verdict([sample('control', 10), sample('treatment', 8)]), 'TREATMENT_BETTER');
    assert.equal(verdict([sample('control', 10), sample('treatment', 12)]), 'CONTROL_BETTER');
    assert.equal(verdict([sample('control', 10), sample('treatment', 10.1)]), 'NO_DIFFERENCE');
  });

  test('waits for eight depot-days of every variant', () => {
    const control = sample('control', 10);
    assert.equal(verdict([control, sample('treatment', 1, { n: 7 })]), 'INSUFFICIENT_DATA');
    assert.equal(verdict([control, sample('treatment', 1, { n: 8 })]), 'TREATMENT_BETTER');
    assert.equal(verdict([control, sample('treatment', 1)], THREE), 'INSUFFICIENT_DATA');
    assert.equal(verdict([sample('treatment', 1)]), 'INSUFFICIENT_DATA');
  });

  test('counts the pairs where variants are shadows', () => {
    const days = sample('treatment', 1);
    const pairs = { n: 7, mean: -9, variance: 1 };
    assert.equal(verdict([sample('control', 10), { ...days, pairs }]), 'INSUFFICIENT_DATA');
  });

  const cheaper = [sample('control', 10), sample('treatment', 8)];
  for (const [figure, control, worse, better] of [
    ['variantUnassigned', 0.1, 2, -2],
    ['onTime', 3, 1, 5],
  ] as const) {
    test(`does not buy savings with a worse ${figure}`, () => {
      const guard = sample('control', control, { figure });
      const at = (mean: number) => [...cheaper, guard, sample('treatment', mean, { figure })];
      assert.equal(verdict(at(worse)), 'GUARDRAIL_BROKEN');
      assert.equal(verdict(at(better)), 'TREATMENT_BETTER');
      assert.equal(verdict(at(control)), 'TREATMENT_BETTER');
    });
  }

  test('of several variants needs one that wins, or all that lose', () => {
    const control = sample('control', 10);
    const three = (treatment: number, other: number) =>
      verdict([control, sample('treatment', treatment), sample('other', other)], THREE);
    assert.equal(three(8, 12), 'TREATMENT_BETTER');
    assert.equal(three(12, 12), 'CONTROL_BETTER');
    assert.equal(three(10, 12), 'NO_DIFFERENCE');
  });

  test('lets a variant win that breaks nothing, whatever another one breaks', () => {
    const figure = 'variantUnassigned';
    const costs = [...cheaper, sample('other', 8)];
    const left = [sample('control', 1, { figure }), sample('other', 9, { figure })];
    assert.equal(
      verdict([...costs, ...left, sample('treatment', 1, { figure })], THREE),
      'TREATMENT_BETTER',
    );
    assert.equal(
      verdict([...costs, ...left, sample('treatment', 9, { figure })], THREE),
      'GUARDRAIL_BROKEN',
    );
  });
});

test('a difference that one comparison would call one is none among three', () => {
  // t = 2.21: p = 0.033 alone
  const samples = [sample('control', 10), sample('treatment', 9.3), sample('other', 10)];
  const [, alone] = outcome(samples.slice(0, 2)).metrics;
  assert.ok(alone?.pValue && alone.pValue < 0.05 && alone.ciHigh && alone.ciHigh < 0);
  const [, among] = outcome(samples, THREE).metrics;
  assert.ok(among?.pValue && among.pValue > 0.05 && among.ciHigh && among.ciHigh > 0);
});

test('metrics come one after the other, the control first and compared with nothing', () => {
  const figure = 'variantVehicles';
  const { metrics } = outcome([
    sample('treatment', 3, { figure }),
    sample('treatment', 8),
    sample('control', 10),
    sample('of no variant', 10),
  ]);
  assert.deepEqual(
    metrics.map(({ key, variantKey, deltaVsControl, isGuardrail }) => [
      key,
      variantKey,
      deltaVsControl,
      isGuardrail,
    ]),
    [
      ['variantCostPerOrder', 'control', null, false],
      ['variantCostPerOrder', 'treatment', -2, false],
      ['variantVehicles', 'treatment', null, false],
    ],
  );
});
