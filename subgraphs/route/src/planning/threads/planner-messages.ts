import type { AlgorithmName } from '../algorithms.ts';
import type { PlanningProblem } from '../problem.ts';
import type { PlanningProgress } from './run-control.ts';
import type { PlanningSolution } from '../solution.ts';

/** What a planner's thread is started with. */
export type PlannerThreadInput = {
  readonly problem: PlanningProblem;
  readonly algorithm: AlgorithmName;
  readonly seed: number;
  readonly timeLimitMs: number;
  readonly iterationLimit: number | null;
  /** One Int32: not 0 once the caller wants the plan now. A message would wait for the search to end. */
  readonly stopFlag: SharedArrayBuffer;
};

/** What it says: progress any number of times, then one of the others. */
export type PlannerThreadMessage =
  | { readonly kind: 'PROGRESS'; readonly progress: PlanningProgress }
  | { readonly kind: 'PLAN'; readonly plan: JudgedPlan }
  | { readonly kind: 'INVALID_PLAN'; readonly violations: readonly string[] };

/** A plan with what it is compared by: first what it leaves out, then what it costs. */
export type JudgedPlan = {
  readonly solution: PlanningSolution;
  /** The priorities of what is left out, highest first. */
  readonly leftOut: readonly number[];
  /** By the objectives. */
  readonly cost: number;
};
