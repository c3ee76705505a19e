import { displaceLessImportant } from './displacement.ts';
import { Draft } from './draft.ts';
import { insertByRegret } from './insertion.ts';
import { compileProblem, type Instance } from './instance.ts';
import type { Planner, PlannerControl } from './planner.ts';
import { seededRandom, type Random } from './random.ts';

/**
 * Builds the plan order by order: each time the order that would lose most by waiting goes to the
 * cheapest place that is still feasible. Several rounds with other tie breaking, the best one wins.
 */
export const cheapestInsertion: Planner = (problem, seed, control) => {
  const instance = compileProblem(problem);
  const random = seededRandom(seed);
  let best = buildDraft(instance, { random, noise: 0, isByPriority: false }, control);
  for (let round = 1; round < ROUNDS && control.shouldStop() === null; round++) {
    const isByPriority = best.leftOut.length > 0;
    const noise = (NOISE * (round - 1)) / ROUNDS;
    const draft = buildDraft(instance, { random, noise, isByPriority }, control);
    if (draft.isBetterThan(best)) best = draft;
    control.report(() => best.counts());
  }
  displaceLessImportant(best, control);
  return best.toSolution({ algorithm: 'cheapest-insertion', seed, stopped: control.shouldStop() });
};

/** A few dozen milliseconds each for a depot-day; more of them hardly ever help. */
const ROUNDS = 8;

/** Share by which an order's regret is over- or understated at most, in the last round. */
const NOISE = 0.4;

type BuildOptions = {
  readonly random: Random;
  readonly noise: number;
  /** Serve all of one priority before looking at the next: needed only when not everything fits. */
  readonly isByPriority: boolean;
};

function buildDraft(instance: Instance, options: BuildOptions, control: PlannerControl): Draft {
  const draft = new Draft(instance);
  const bands = options.isByPriority
    ? new Set(instance.orders.map((order) => order.priority).toSorted((a, b) => b - a))
    : [null];
  for (const band of bands) {
    const orders = instance.orders.filter((order) => band === null || order.priority === band);
    insertByRegret(draft, orders, { ...options, control });
  }
  return draft;
}
