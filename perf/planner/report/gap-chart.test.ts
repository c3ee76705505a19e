import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { logTicks, niceStep } from './chart-scale.ts';
import type { ClassSummary } from './class-summary.ts';
import { gapChart } from './gap-chart.ts';

const summary = (rest: Partial<ClassSummary>): ClassSummary => ({
  class: 'Li & Lim 100',
  algorithm: 'sisr',
  seconds: 1,
  runs: 2,
  invalid: 0,
  moreVehicles: 0,
  gapPercent: { count: 2, mean: 1.5, margin: 0.5 },
  iterationsPerSecond: 50_000,
  firstPlanSeconds: 0.1,
  ...rest,
});

describe('the chart of gap against time', () => {
  it('has a panel for each class with the names of its axes', () => {
    const svg = gapChart([summary({}), summary({ class: 'Windows 100' })], 'Gap');
    assert.equal(svg.match(/mean gap in %/g)?.length, 2);
    assert.equal(svg.match(/CPU seconds of one thread \(log scale\)/g)?.length, 2);
    assert.match(svg, />Li &amp; Lim 100</);
  });

  it('says the figures of each point', () => {
    const svg = gapChart([summary({ seconds: 5 }), summary({ seconds: 1 })], 'Gap');
    assert.match(svg, /<title>5 s: 1\.50 ± 0\.50 %<\/title>/);
  });

  it('has finite coordinates only, also for a single value, one budget and a gap below zero', () => {
    const single = summary({ gapPercent: { count: 1, mean: -0.2, margin: null } });
    assert.doesNotMatch(gapChart([single], 'Gap'), /NaN|Infinity|undefined/);
  });

  it('leaves out what has no reference', () => {
    const unknown = summary({ gapPercent: { count: 0, mean: Number.NaN, margin: null } });
    assert.doesNotMatch(gapChart([unknown], 'Gap'), /NaN|Infinity|mean gap/);
  });
});

describe('scales', () => {
  it('have steps that people count in', () => {
    assert.deepEqual(
      [0.9, 3.1, 7, 40].map((range) => niceStep(range, 4)),
      [0.5, 1, 2, 10],
    );
  });

  it('have ticks at 1, 2 and 5 of each power of ten', () => {
    assert.deepEqual(logTicks(0.4, 12), [0.5, 1, 2, 5, 10]);
  });
});
