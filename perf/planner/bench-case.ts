import type { PlanningProblem, PlanningSolution } from './engine.ts';

/** A problem to be solved, and how its plans are judged. */
export type BenchCase = {
  readonly name: string;
  /** Cases of one class share a line of the table, such as `Homberger 200`. */
  readonly class: string;
  /** Made anew by each call: large ones are not worth keeping. */
  problem(): PlanningProblem;
  /** null: nobody has solved it yet. */
  readonly reference: Reference | null;
  judge(solution: PlanningSolution): Verdict;
};

/** What plans are compared with; `vehicles` only where fewer vehicles come first. */
export type Reference = {
  readonly vehicles: number | null;
  readonly value: number;
};

export type Verdict = {
  readonly vehicles: number;
  /** Distance or cost, in the unit of the reference. */
  readonly value: number;
  /** Empty for a valid plan. */
  readonly violations: readonly string[];
};
