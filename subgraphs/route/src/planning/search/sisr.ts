import type { Search } from '../planner.ts';
import { seededRandom } from '../random.ts';
import { Annealing } from './annealing.ts';
import { BestPlan } from './best-plan.ts';
import { Budget } from './budget.ts';
import { inLocalOrder } from './local-order.ts';
import { InsertionPrices } from './insertion-prices.ts';
import { giveLastChances } from './last-chances.ts';
import { Neighbours } from './neighbours.ts';
import { PlaceFinder } from './place-finder.ts';
import { NearVisits } from './near-visits.ts';
import { Plan } from './plan.ts';
import { Recreate } from './recreate.ts';
import { Ruin } from './ruin.ts';
import { searchSpace } from './search-space.ts';
import { SortOrders } from './sort-orders.ts';

/**
 * Slack induction by string removals (Christiaens and Vanden Berghe 2020): again and again a few
 * strings of neighbouring visits are taken out and put in again at their cheapest places, and what
 * comes of it is accepted by simulated annealing. Always feasible, whenever it is stopped.
 */
export const sisr: Search = (original, seed, control) => {
  const { instance, originals } = inLocalOrder(original);
  const random = seededRandom(seed);
  const space = searchSpace(instance);
  const plan = new Plan(space);
  const finder = new PlaceFinder(
    plan,
    new InsertionPrices(plan),
    new NearVisits(space, NEAR_VISITS),
    random,
  );
  const recreate = new Recreate(plan, finder, new SortOrders(space, random));
  const ruin = new Ruin(plan, new Neighbours(space), random, RUIN_SIZE);
  const best = new BestPlan(plan, control);
  const budget = new Budget(control);

  recreate.run();
  plan.commit();
  best.take();
  const annealing = new Annealing(meanLegCost(plan), random);
  while (budget.used < 1) {
    if (budget.step()) {
      annealing.coolTo(budget.used);
      best.report();
    }
    ruin.run();
    recreate.run();
    if (annealing.accepts(plan.change)) {
      plan.commit();
      best.take();
    } else plan.rollBack();
  }
  plan.restore(best.routes);
  giveLastChances(plan, recreate);
  best.take();
  return {
    routes: best.routes.map((route) => Array.from(route, (node) => originals[node]!)),
    iterations: budget.iterations,
  };
};

/** With 25 days of a hundred orders were planned worse, with 15 all of them. */
const NEAR_VISITS = 40;
const RUIN_SIZE = { averageVisits: 10, longestString: 10 };

/** Without what vehicles cost for being used. */
function meanLegCost(plan: Plan): number {
  const { rows, space, candidates } = plan;
  let cost = 0;
  let legs = 0;
  for (let index = 0; index < candidates.count; index++) {
    const route = candidates.routes[index]!;
    const length = rows.lengths[route]!;
    if (length === 0) continue;
    cost += plan.costOf(route) - space.vehicles[route]!.fixedCost;
    legs += length + 1;
  }
  return cost / Math.max(1, legs);
}
