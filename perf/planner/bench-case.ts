import type { Convention } from './convention.ts';
import type { PlanningProblem, PlanningSolution } from './engine.ts';

/** A problem to be solved, and how its plans are judged. */
export type BenchCase = {
  readonly name: string;
  /** Cases of one class share a line of the table, such as `Homberger 200`. */
  readonly class: string;
  readonly objective: Objective;
  /** null: nobody has solved it yet. */
  readonly reference: Reference | null;
  /** Made anew by each call: large ones are not worth keeping. */
  problem(): PlanningProblem;
  judge(solution: PlanningSolution): Verdict;
};

/** What the value of a plan is: a distance by one of the conventions, or the cost of its vehicles. */
export type Objective = Convention | 'COST';

/** What plans are compared with, in the objective's unit; `vehicles` only where fewer of them come first. */
export type Reference = {
  readonly vehicles: number | null;
  readonly value: number;
};

export type Verdict = {
  readonly vehicles: number;
  readonly value: number;
  /** Empty for a valid plan. */
  readonly violations: readonly string[];
};
