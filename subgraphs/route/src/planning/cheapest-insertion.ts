import { displaceLessImportant } from './displacement.ts';
import { Draft } from './draft.ts';
import { insertOrders, type InsertionOptions, type InsertionRule } from './insertion.ts';
import { compileProblem } from './instance.ts';
import type { Planner } from './planner.ts';
import { seededRandom } from './random.ts';

/**
 * Builds the plan order by order, each at the cheapest place that is still feasible. Which order
 * comes next matters a lot and no rule is best everywhere: one round for each rule, then again with
 * other tie breaking, and the best plan wins.
 */
export const cheapestInsertion: Planner = (problem, seed, control) => {
  const instance = compileProblem(problem);
  const random = seededRandom(seed);
  let best = new Draft(instance);
  const onInserted = () => control.report(() => best.counts());
  fillDraft(best, { ...ROUNDS[0], random, isByPriority: false, control, onInserted });
  for (const round of ROUNDS.slice(1)) {
    if (control.shouldStop() !== null) break;
    const draft = new Draft(instance);
    fillDraft(draft, { ...round, random, isByPriority: best.leftOut.length > 0, control });
    if (draft.isBetterThan(best)) best = draft;
    control.report(() => best.counts());
  }
  displaceLessImportant(best, control);
  return best.toSolution({ algorithm: 'cheapest-insertion', seed, stopped: control.shouldStop() });
};

type Round = { readonly rule: InsertionRule; readonly noise: number };

/** Some ten milliseconds each for a hundred orders. */
const ROUNDS: readonly [Round, ...Round[]] = [
  { rule: 'REGRET', noise: 0 },
  { rule: 'CHEAPEST', noise: 0 },
  { rule: 'CHEAP_REGRET', noise: 0 },
  { rule: 'REGRET', noise: 0.2 },
  { rule: 'CHEAPEST', noise: 0.2 },
  { rule: 'CHEAP_REGRET', noise: 0.2 },
];

type FillOptions = Omit<InsertionOptions, 'orders'> & {
  /** Serve all of one priority before looking at the next: needed only when not everything fits. */
  readonly isByPriority: boolean;
};

function fillDraft(draft: Draft, { isByPriority, ...options }: FillOptions): void {
  const { orders } = draft.instance;
  if (!isByPriority) return insertOrders(draft, { ...options, orders });
  for (const priority of new Set(orders.map((order) => order.priority).toSorted(descending))) {
    const band = orders.filter((order) => order.priority === priority);
    insertOrders(draft, { ...options, orders: band });
  }
}

function descending(a: number, b: number): number {
  return b - a;
}
