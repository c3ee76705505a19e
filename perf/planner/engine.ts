/** All that the bench knows of the route room: its planning engine, which is pure. */
export { compileProblem } from '../../subgraphs/route/src/planning/instance/compile-problem.ts';
export type { SearchControl } from '../../subgraphs/route/src/planning/planner.ts';
export { COST_ONLY } from '../../subgraphs/route/src/planning/problem.ts';
export type {
  PlanningOrder,
  PlanningProblem,
  PlanningVehicle,
  PlanningVisit,
} from '../../subgraphs/route/src/planning/problem.ts';
export { ordersLeftOut, toSolution } from '../../subgraphs/route/src/planning/routes/schedule.ts';
export {
  SEARCHES,
  type SearchName as AlgorithmName,
} from '../../subgraphs/route/src/planning/search/searches.ts';
export type {
  PlanningSolution,
  SolutionStop,
} from '../../subgraphs/route/src/planning/solution.ts';
export type { TravelMatrix } from '../../subgraphs/route/src/planning/travel/matrix-provider.ts';
export { verify } from '../../subgraphs/route/src/planning/verify.ts';
