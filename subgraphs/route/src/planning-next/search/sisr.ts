import type { Search } from '../planner.ts';
import { seededRandom } from '../random.ts';
import { InsertionPrices } from './insertion-prices.ts';
import { Neighbours } from './neighbours.ts';
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
export const sisr: Search = (instance, seed, control) => {
  const random = seededRandom(seed);
  const space = searchSpace(instance);
  const plan = new Plan(space);
  const prices = new InsertionPrices(plan);
  const recreate = new Recreate(plan, prices, new SortOrders(space, random), random);
  const ruin = new Ruin(plan, new Neighbours(space), random, {
    averageVisits: 10,
    longestString: 10,
  });
  recreate.run();
  plan.commit();
  const best = instance.vehicles.map(() => new Int32Array(0));
  plan.copyChanged(best);
  let bestCost = plan.cost;
  let cost = bestCost;
  let iterations = 0;
  const mean = meanLegCost(plan);
  let used = 0;
  const T0 = mean * 1.5;
  const Tf = mean / 300;
  let temperature = T0;
  while (used < 1) {
    if ((iterations & 127) === 0) {
      used = control.budgetUsed(iterations);
      temperature = T0 * (Tf / T0) ** used;
      control.report(() => ({ assigned: 0, unassigned: 0, cost: bestCost }));
    }
    iterations++;
    ruin.run();
    recreate.run();
    const next = plan.cost;
    if (next < cost - temperature * Math.log(random())) {
      plan.commit();
      cost = next;
      if (cost < bestCost - 1e-9) {
        bestCost = cost;
        plan.copyChanged(best);
      }
    } else plan.rollBack();
  }
  return { routes: best.map((row) => Array.from(row)), iterations };
};

function meanLegCost({ rows, space, candidates, candidateCount }: Plan): number {
  let cost = 0;
  let legs = 0;
  for (let index = 0; index < candidateCount; index++) {
    const route = candidates[index]!;
    if (rows.lengths[route] === 0) continue;
    cost += rows.meters[route]! * space.vehicles[route]!.costPerMeter;
    legs += rows.lengths[route]! + 1;
  }
  return cost / Math.max(1, legs);
}
