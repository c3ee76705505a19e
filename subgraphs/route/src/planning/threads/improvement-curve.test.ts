import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ImprovementCurve, MAX_IMPROVEMENTS, mergedCurve } from './improvement-curve.ts';

function curveOf(points: readonly [cost: number, unassigned: number][]) {
  const curve = new ImprovementCurve();
  for (const [index, [cost, unassigned]] of points.entries()) {
    curve.add(index, { cost, unassigned, assigned: 10 - unassigned });
  }
  return curve.points;
}

test('a plan that serves more is an improvement at any cost, one that serves less is none', () => {
  const points = curveOf([
    [100, 3],
    [90, 3],
    [95, 3],
    [120, 2],
    [80, 3],
    [110, 2],
  ]);
  assert.deepEqual(
    points.map(({ cost }) => cost),
    [100, 90, 120, 110],
  );
});

test('a long curve is thinned, and keeps its first and its latest point', () => {
  const costs = Array.from({ length: 1_001 }, (_, index): [number, number] => [5_000 - index, 0]);
  const points = curveOf(costs);
  assert.ok(points.length > MAX_IMPROVEMENTS / 3 && points.length <= MAX_IMPROVEMENTS);
  assert.equal(points[0]?.cost, 5_000);
  assert.equal(points.at(-1)?.cost, 4_000);
});

test('of several searches the best at each moment counts', () => {
  const point = (elapsedMs: number, cost: number) => ({ elapsedMs, cost, unassigned: 0 });
  const merged = mergedCurve([
    [point(0, 100), point(20, 70)],
    [point(10, 90), point(30, 80), point(40, 60)],
  ]);
  assert.deepEqual(
    merged.map(({ cost }) => cost),
    [100, 90, 70, 60],
  );
});
