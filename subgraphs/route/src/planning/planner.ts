import type { Instance } from './instance/instance.ts';

/**
 * A search algorithm: pure and synchronous. With a budget of iterations it makes the same plan for
 * the same instance and seed; a budget of time ends somewhere else on every run.
 */
export type Search = (instance: Instance, seed: number, control: SearchControl) => SearchResult;

/** What a search may know of the world outside. */
export type SearchControl = {
  /**
   * How much of the budget is used: 0 at the start, 1 or more when the search has to end, at any
   * value in between when it has to end now. Cheap, but not free: ask every 512 iterations or so.
   */
  budgetUsed(iterations: number): number;
  /** Call it whenever the best plan has changed and now and then: the figures are asked for only when somebody is to see them. */
  report(counts: () => PlanCounts): void;
};

/** A plan as the visits of each vehicle (see `Instance`), reloads included. Feasible. */
export type SearchResult = {
  /** By index of the vehicle; empty for one that stays. */
  readonly routes: readonly (readonly number[])[];
  readonly iterations: number;
};

export type PlanCounts = {
  readonly assigned: number;
  readonly unassigned: number;
  /** What the best plan so far is judged by (see `PlanningObjectives`), with what `stability` adds for orders that change their vehicle, without those it leaves out. */
  readonly cost: number;
};
