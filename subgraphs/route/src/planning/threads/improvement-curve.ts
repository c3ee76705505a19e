import type { PlanCounts } from '../planner.ts';

/** When a better plan was found, and what it is judged by. */
export type Improvement = {
  readonly elapsedMs: number;
  readonly cost: number;
  readonly unassigned: number;
};

export const MAX_IMPROVEMENTS = 100;

/** The improvements of one search, in bounded space: when there are too many, every second one goes. */
export class ImprovementCurve {
  #points: Improvement[] = [];

  add(elapsedMs: number, { cost, unassigned }: PlanCounts): void {
    const point = { elapsedMs, cost, unassigned };
    const last = this.#points.at(-1);
    if (last !== undefined && !isBetter(point, last)) return;
    this.#points.push(point);
    if (this.#points.length > MAX_IMPROVEMENTS) this.#points = thinned(this.#points);
  }

  get points(): readonly Improvement[] {
    return [...this.#points];
  }
}

/** What several searches have found together. */
export function mergedCurve(curves: readonly (readonly Improvement[])[]): Improvement[] {
  const merged: Improvement[] = [];
  for (const point of curves.flat().toSorted((a, b) => a.elapsedMs - b.elapsedMs)) {
    const last = merged.at(-1);
    if (last === undefined || isBetter(point, last)) merged.push(point);
  }
  let points = merged;
  while (points.length > MAX_IMPROVEMENTS) points = thinned(points);
  return points;
}

/** Serving more orders is better at any cost. */
export function isBetter(
  a: Pick<PlanCounts, 'unassigned' | 'cost'>,
  b: Pick<PlanCounts, 'unassigned' | 'cost'>,
): boolean {
  return a.unassigned === b.unassigned ? a.cost < b.cost : a.unassigned < b.unassigned;
}

/** The first and the last point stay. */
function thinned(points: readonly Improvement[]): Improvement[] {
  const last = points.length - 1;
  return points.filter((_, index) => index % 2 === 0 || index === last);
}
