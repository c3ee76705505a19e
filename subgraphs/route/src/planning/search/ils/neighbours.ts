import type { PenalisedRoutes } from './penalised-routes.ts';

/** For each visit, the few others that are likely just before and just after it in a good plan. */
export type Neighbours = {
  readonly count: number;
  /** At `visit * count + rank`, nearest first. */
  readonly before: Int32Array;
  readonly after: Int32Array;
};

export function neighboursOf(routes: PenalisedRoutes, wanted: number): Neighbours {
  const n = routes.instance.visitCount;
  const count = Math.min(wanted, n - 1);
  const before = new Int32Array(n * count);
  const after = new Int32Array(n * count);
  const order = Array.from({ length: n }, (_, visit) => visit);
  for (let visit = 0; visit < n; visit += 1) {
    const others = order.filter((other) => other !== visit);
    const score = (list: Int32Array, proximity: (other: number) => number) => {
      const scores = new Map(others.map((other) => [other, proximity(other)]));
      const nearest = others.toSorted((a, b) => scores.get(a)! - scores.get(b)!).slice(0, count);
      list.set(nearest, visit * count);
    };
    score(before, (other) => proximity(routes, other, visit));
    score(after, (other) => proximity(routes, visit, other));
  }
  return { count, before, after };
}

/** Vidal: the leg, the waiting and the time warp that cannot be avoided when b follows a. */
function proximity(routes: PenalisedRoutes, a: number, b: number): number {
  const { nodeCount, meters, seconds, opens, closes, service } = routes;
  const arc = a * nodeCount + b;
  const t = seconds[arc]! + service[a]!;
  const wait = Math.max(0, opens[b]! - t - closes[a]!);
  const warp = Math.max(0, opens[a]! + t - closes[b]!);
  return meters[arc]! + 0.2 * wait + warp;
}
