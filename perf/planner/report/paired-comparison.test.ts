import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { summarizeClasses } from './class-summary.ts';
import { comparePairs } from './paired-comparison.ts';
import type { RunResult } from './run-result.ts';

const run = (rest: Partial<RunResult>): RunResult => ({
  instance: 'one',
  class: 'Windows 100',
  algorithm: 'sisr',
  seconds: 1,
  seed: 1,
  iterations: 1000,
  cpuSeconds: 1,
  firstPlanSeconds: 0.1,
  vehicles: 10,
  value: 100,
  reference: { vehicles: null, value: 100 },
  violations: [],
  ...rest,
});

describe('the summary of a class', () => {
  it('counts an instance once however many seeds it was run with', () => {
    const [summary] = summarizeClasses([
      run({ value: 101 }),
      run({ value: 103, seed: 2 }),
      run({ value: 106, instance: 'two' }),
    ]);
    assert.equal(summary?.gapPercent.count, 2);
    assert.equal(summary?.gapPercent.mean.toFixed(6), '4.000000');
  });

  it('takes the seeds where there is one instance only', () => {
    const [summary] = summarizeClasses([run({ value: 101 }), run({ value: 103, seed: 2 })]);
    assert.equal(summary?.gapPercent.count, 2);
    assert.notEqual(summary?.gapPercent.margin, null);
  });

  it('leaves out plans that are not valid or use more vehicles, and says how many', () => {
    const reference = { vehicles: 10, value: 100 };
    const [summary] = summarizeClasses([
      run({ reference, value: 90, vehicles: 11 }),
      run({ reference, value: 50, seed: 2, violations: ['customer 1 is visited 0 times'] }),
      run({ reference, value: 102, seed: 3 }),
    ]);
    assert.deepEqual(
      [summary?.runs, summary?.invalid, summary?.moreVehicles, summary?.gapPercent.count],
      [3, 1, 1, 1],
    );
    assert.equal(summary?.gapPercent.mean.toFixed(6), '2.000000');
  });
});

describe('two algorithms', () => {
  const ils = (rest: Partial<RunResult>) => run({ algorithm: 'ils', ...rest });

  it('are compared on the same instance and seed, in per cent of the reference', () => {
    const [pair] = comparePairs([
      run({ value: 101 }),
      ils({ value: 102 }),
      run({ value: 110, seed: 2 }),
      run({ value: 103, instance: 'two' }),
      ils({ value: 102, instance: 'two' }),
      run({ value: 99, instance: 'three' }),
      ils({ value: 99, instance: 'three' }),
    ]);
    assert.deepEqual([pair?.a, pair?.b], ['sisr', 'ils']);
    assert.deepEqual([pair?.wins, pair?.ties, pair?.losses], [1, 1, 1]);
    assert.equal(pair?.difference.mean.toFixed(6), '0.000000');
    assert.equal(pair?.probability, 1);
  });

  it('are told apart by vehicles first where they come first, without mixing them into the mean', () => {
    const reference = { vehicles: 9, value: 100 };
    const [pair] = comparePairs([
      run({ reference, vehicles: 9, value: 140 }),
      ils({ reference, vehicles: 10, value: 101 }),
      run({ reference, vehicles: 9, value: 103, instance: 'two' }),
      ils({ reference, vehicles: 9, value: 102, instance: 'two' }),
    ]);
    assert.deepEqual([pair?.wins, pair?.losses], [1, 1]);
    assert.equal(pair?.difference.mean.toFixed(6), '1.000000');
  });

  it('are compared over all classes as well where there are several', () => {
    const results = ['Windows 100', 'Windows 200'].flatMap((name) => [
      run({ class: name, value: 101 }),
      ils({ class: name, value: 102 }),
    ]);
    assert.deepEqual(
      comparePairs(results).map((pair) => [pair.class, pair.wins]),
      [
        ['Windows 100', 1],
        ['Windows 200', 1],
        ['all', 2],
      ],
    );
  });
});
