import type { Point } from '../geo.ts';

/**
 * Cuts points into compact groups of these sizes by halving the longer side again and again, as a
 * dispatcher would cut a map into tours. The sizes together are at most the number of points.
 */
export function clusters<T extends { point: Point }>(
  items: readonly T[],
  sizes: readonly number[],
): T[][] {
  if (sizes.length <= 1) return sizes.map((size) => items.slice(0, size));
  const half = Math.ceil(sizes.length / 2);
  const [left, right] = [sizes.slice(0, half), sizes.slice(half)];
  const sorted = items.toSorted(alongLongerSide(items));
  const cut = Math.round((items.length * sum(left)) / (sum(left) + sum(right)));
  return [...clusters(sorted.slice(0, cut), left), ...clusters(sorted.slice(cut), right)];
}

function alongLongerSide(items: readonly { point: Point }[]) {
  const latitudes = items.map(({ point }) => point.latitude);
  const longitudes = items.map(({ point }) => point.longitude);
  const scale = Math.cos(((latitudes[0] ?? 0) * Math.PI) / 180);
  const key = range(latitudes) > scale * range(longitudes) ? 'latitude' : 'longitude';
  return (one: { point: Point }, other: { point: Point }) => one.point[key] - other.point[key];
}

function range(values: readonly number[]): number {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
  return high - low;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
