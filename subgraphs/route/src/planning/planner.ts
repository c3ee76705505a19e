import { cheapestInsertion } from './cheapest-insertion.ts';
import type { PlanningProblem } from './problem.ts';
import type { PlanningSolution } from './solution.ts';

/**
 * An algorithm: pure, synchronous, and the same plan for the same problem and seed.
 * What it may know of the world outside comes in through `PlannerControl`.
 */
export type Planner = (
  problem: PlanningProblem,
  seed: number,
  control: PlannerControl,
) => PlanningSolution;

export type PlannerControl = {
  /** Cheap, but not free: ask every few hundred steps. Once it is not null, return the best so far. */
  shouldStop(): StopReason | null;
  /** Call it whenever there is news: the figures are asked for only when somebody is to see them. */
  report(counts: () => PlanCounts): void;
};

export type StopReason = 'TIME_LIMIT' | 'CANCELED';

/** Shown to callers as `OptimizationRun.progress`. */
export type PlanningProgress = PlanCounts & {
  readonly elapsedMs: number;
};

export type PlanCounts = {
  readonly assigned: number;
  readonly unassigned: number;
  /** Of the best plan so far. */
  readonly cost: number;
};

/** Every algorithm by the name it has in `OptimizationRun.algorithm`. */
export const PLANNERS = {
  'cheapest-insertion': cheapestInsertion,
} as const satisfies Record<string, Planner>;

export type AlgorithmName = keyof typeof PLANNERS;

export const DEFAULT_ALGORITHM: AlgorithmName = 'cheapest-insertion';
