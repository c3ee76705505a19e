import { PLANNERS } from '../planning/planner.ts';
import type { AlgorithmName } from '../planning/planner.ts';

/** What a variant can be: every algorithm that the planner has. */
export const ALGORITHMS = Object.keys(PLANNERS) as [AlgorithmName, ...AlgorithmName[]];
