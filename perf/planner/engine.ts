/** All that the bench knows of the route room: its planning engine, which is pure. */
export { compileProblem } from '../../subgraphs/route/src/planning-next/compile-problem.ts';
export type { SearchControl } from '../../subgraphs/route/src/planning-next/planner.ts';
export type {
  PlanningOrder,
  PlanningProblem,
  PlanningVehicle,
  PlanningVisit,
} from '../../subgraphs/route/src/planning-next/problem.ts';
export { ordersLeftOut, toSolution } from '../../subgraphs/route/src/planning-next/schedule.ts';
export {
  SEARCHES,
  type SearchName as AlgorithmName,
} from '../../subgraphs/route/src/planning-next/search/searches.ts';
export type {
  PlanningSolution,
  SolutionStop,
} from '../../subgraphs/route/src/planning-next/solution.ts';
export type { TravelMatrix } from '../../subgraphs/route/src/planning-next/travel/matrix-provider.ts';
export { verify } from '../../subgraphs/route/src/planning-next/verify.ts';
