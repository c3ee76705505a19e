import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { ExperimentVerdict } from '../resolvers/schema-types.ts';
import { outcomeOf } from './outcome.ts';
import type { Sample, Spread } from './sample.ts';

const EXPERIMENTS = 2_000;
const DAYS = 30;

/** Mulberry32 and Box-Muller: the same days on every machine. */
function normals(seed: number): () => number {
  let state = seed;
  const uniform = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

type World = {
  /** What each treatment changes in the cost per order. */
  readonly effects: readonly number[];
  readonly isShadow?: boolean;
};

/** Days of a cost about 10: they differ by 2 from each other, and by 0.5 from plan to plan of a day. */
function simulate({ effects, isShadow = false }: World): Map<ExperimentVerdict, number> {
  const normal = normals(20261123);
  const verdicts = new Map<ExperimentVerdict, number>();
  const keys = effects.map((_, index) => `treatment-${index}`);
  const variants = [
    { key: 'control', isControl: true },
    ...keys.map((key) => ({ key, isControl: false })),
  ];
  for (let count = 0; count < EXPERIMENTS; count += 1) {
    const day = () => 10 + 2 * normal();
    const shared = many(day);
    const plan = (days: readonly number[], effect: number) =>
      days.map((cost) => cost + effect + 0.5 * normal());
    const control = plan(shared, 0);
    const samples = effects.map((effect, index) => {
      const values = plan(isShadow ? shared : many(day), effect);
      const pairs = isShadow ? values.map((value, place) => value - (control[place] ?? 0)) : null;
      return sampleOf(keys[index] ?? '', values, pairs);
    });
    const all = {
      computedAt: new Date(0),
      samples: [sampleOf('control', control, null), ...samples],
    };
    const { verdict } = outcomeOf(all, variants);
    verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1);
  }
  return verdicts;
}

function many(draw: () => number): number[] {
  return Array.from({ length: DAYS }, draw);
}

function sampleOf(variantKey: string, values: number[], pairs: number[] | null): Sample {
  const figure = 'variantCostPerOrder';
  return { figure, variantKey, days: spread(values), pairs: pairs && spread(pairs) };
}

function spread(values: readonly number[]): Spread {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { n, mean, variance: squares / (n - 1) };
}

/** Share of the experiments whose verdict was this. */
function share(verdicts: Map<ExperimentVerdict, number>, verdict: ExperimentVerdict): number {
  return (verdicts.get(verdict) ?? 0) / EXPERIMENTS;
}

// Of 2,000 experiments that err in 5 %, 95 % err in 4.0 to 6.0 %, and all but one in 10,000 in 3.1 to 6.9 %.
for (const isShadow of [false, true]) {
  const unit = isShadow ? 'SHADOW' : 'DEPOT_DAY';
  test(`a variant that is the control again differs from it in one of twenty ${unit} experiments`, () => {
    const same = share(simulate({ effects: [0], isShadow }), 'NO_DIFFERENCE');
    assert.ok(same > 0.931 && same < 0.969, `${1 - same} of the experiments found a difference`);
  });
}

test('four variants that are the control again are no likelier to win than one', () => {
  const better = share(simulate({ effects: [0, 0, 0, 0] }), 'TREATMENT_BETTER');
  // One side of the 5 %; the variants share their control, so that a little less is left.
  assert.ok(better > 0.01 && better < 0.04, `${better} of the experiments found a winner`);
});

test('a saving of a day’s deviation is found by nearly every DEPOT_DAY experiment', () => {
  const found = share(simulate({ effects: [-2] }), 'TREATMENT_BETTER');
  assert.ok(found > 0.9, `${found} of the experiments found it`);
});

test('a saving of a fifth of it is found by SHADOW, and hardly ever by DEPOT_DAY', () => {
  const effects = [-0.4];
  const shadow = share(simulate({ effects, isShadow: true }), 'TREATMENT_BETTER');
  const depotDay = share(simulate({ effects }), 'TREATMENT_BETTER');
  assert.ok(shadow > 0.8, `${shadow} of the SHADOW experiments found it`);
  assert.ok(depotDay < 0.25, `${depotDay} of the DEPOT_DAY experiments found it`);
});
