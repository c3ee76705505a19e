import type { PenalisedRoutes } from './penalised-routes.ts';

/** 0 when every vehicle stays. */
export function medianLegCost(routes: PenalisedRoutes): number {
  const { sequence, visits, routeCount } = routes;
  const { costs, size } = routes.data;
  const legs: number[] = [];
  for (let route = 0; route < routeCount; route++) {
    if (visits[route] === 0) continue;
    for (let index = routes.firstOf(route); index <= routes.endOf(route); index++) {
      legs.push(costs[route]![sequence[index - 1]! * size + sequence[index]!]!);
    }
  }
  return legs.toSorted((a, b) => a - b)[legs.length >> 1] ?? 0;
}
