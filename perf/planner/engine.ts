import type { SEARCHES } from '../../subgraphs/route/src/planning-next/search/searches.ts';

/** All that the bench knows of the route room: its planning engine, which is pure. */
export { compileProblem } from '../../subgraphs/route/src/planning-next/compile-problem.ts';
export type {
  PlanningOrder,
  PlanningProblem,
  PlanningVehicle,
  PlanningVisit,
  VisitReference,
} from '../../subgraphs/route/src/planning-next/problem.ts';
export type { SearchControl } from '../../subgraphs/route/src/planning-next/planner.ts';
export { SEARCHES } from '../../subgraphs/route/src/planning-next/search/searches.ts';
export type { TravelMatrix } from '../../subgraphs/route/src/planning-next/travel/matrix-provider.ts';

export type AlgorithmName = keyof typeof SEARCHES;
