import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { meanInterval, studentQuantile } from './mean-interval.ts';
import { signedRankProbability } from './signed-rank.ts';

const isNear = (actual: number, expected: number, within = 1e-3) =>
  assert.ok(Math.abs(actual - expected) < within, `expected ${expected}, got ${actual}`);

describe('the confidence interval of a mean', () => {
  it('uses the quantiles of the printed tables', () => {
    const table: [number, number][] = [
      [1, 12.706],
      [2, 4.303],
      [3, 3.182],
      [4, 2.776],
      [5, 2.571],
      [10, 2.228],
      [30, 2.042],
      [120, 1.98],
    ];
    for (const [degrees, quantile] of table) isNear(studentQuantile(degrees), quantile);
  });

  it('is as wide as worked out by hand', () => {
    const { mean, margin, count } = meanInterval([1, 2, 3, 4, 5]);
    assert.deepEqual([count, mean], [5, 3]);
    isNear(margin ?? 0, 2.776 * Math.sqrt(2.5 / 5));
  });

  it('is unknown for a single value', () => {
    assert.deepEqual(meanInterval([7]), { count: 1, mean: 7, margin: null });
  });
});

describe("Wilcoxon's signed-rank test", () => {
  it('gives the exact probability of the textbooks', () => {
    const plants = [6, 8, 14, 16, 23, 24, 28, 29, 41, -48, 49, 56, 60, -67, 75];
    isNear(signedRankProbability(plants), 0.04126, 1e-5);
    isNear(signedRankProbability([1, 2, 3, 4, 5, 6]), 2 / 64, 1e-12);
  });

  it('gives the same for both directions', () => {
    const differences = [0.4, -0.1, 0.7, 0.2, 0.2, -0.3];
    assert.equal(
      signedRankProbability(differences),
      signedRankProbability(differences.map((difference) => -difference)),
    );
  });

  it('shares ranks among ties and leaves out zeros', () => {
    // Ranks 1.5, 1.5 and 3: of the eight signs, four leave at most 1.5 on one of the sides.
    isNear(signedRankProbability([1, -1, 2, 0, 0]), 6 / 8, 1e-12);
    assert.equal(signedRankProbability([0, 0]), 1);
  });

  it('stays exact for hundreds of pairs', () => {
    const alternating = Array.from(
      { length: 300 },
      (_, index) => (index % 2 ? 1 : -1) * (index + 1),
    );
    const probability = signedRankProbability(alternating);
    assert.ok(probability > 0.9 && probability <= 1);
  });
});
