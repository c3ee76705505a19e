import type { Point } from '../geo.ts';

const MAX_ROUNDS = 8;

/** Puts visits into the order of a short round trip from the depot: nearest next, then 2-opt. */
export function tour<T extends { point: Point }>(depot: Point, visits: readonly T[]): T[] {
  if (visits.length < 2) return [...visits];
  const distances = distanceTable([depot, ...visits.map(({ point }) => point)]);
  const order = nearestNext(distances, visits.length + 1);
  for (let round = 0; round < MAX_ROUNDS && untangle(order, distances); round += 1);
  return order.slice(1).flatMap((index) => visits[index - 1] ?? []);
}

type Distances = { at(from: number, to: number): number };

// Straight-line, in a common scale: only comparisons matter.
function distanceTable(points: readonly Point[]): Distances {
  const size = points.length;
  const scale = Math.cos(((points[0]?.latitude ?? 0) * Math.PI) / 180);
  const table = new Float64Array(size * size);
  for (const [from, a] of points.entries()) {
    for (const [to, b] of points.entries()) {
      if (to > from) break;
      const dx = scale * (a.longitude - b.longitude);
      const dy = a.latitude - b.latitude;
      table[from * size + to] = table[to * size + from] = Math.sqrt(dx * dx + dy * dy);
    }
  }
  return { at: (from, to) => table[from * size + to] ?? 0 };
}

function nearestNext(distances: Distances, size: number): number[] {
  const order = [0];
  const open = new Set(Array.from({ length: size - 1 }, (_, index) => index + 1));
  for (let last = 0; open.size > 0;) {
    let best = -1;
    for (const next of open) {
      if (best < 0 || distances.at(last, next) < distances.at(last, best)) best = next;
    }
    open.delete(best);
    order.push(best);
    last = best;
  }
  return order;
}

/** Turns around each stretch that becomes shorter that way; false when there is none. */
function untangle(order: number[], distances: Distances): boolean {
  let improved = false;
  const at = (index: number): number => order[index] ?? 0;
  for (let start = 1; start < order.length - 1; start += 1) {
    for (let end = start + 1; end < order.length; end += 1) {
      const before = distances.at(at(start - 1), at(start)) + distances.at(at(end), at(end + 1));
      const after = distances.at(at(start - 1), at(end)) + distances.at(at(start), at(end + 1));
      if (after < before - 1e-9) {
        reverse(order, start, end);
        improved = true;
      }
    }
  }
  return improved;
}

function reverse(order: number[], start: number, end: number): void {
  for (let low = start, high = end; low < high; low += 1, high -= 1) {
    [order[low], order[high]] = [order[high] ?? 0, order[low] ?? 0];
  }
}
