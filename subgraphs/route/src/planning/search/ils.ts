import type { Search, SearchControl } from '../planner.ts';
import { type Random, seededRandom } from '../random.ts';
import { BestPlan } from './best-plan.ts';
import { Budget } from './budget.ts';
import { absencePrices, AbsentVisits } from './ils/absent-visits.ts';
import { Incumbent } from './ils/incumbent.ts';
import { LocalSearch } from './ils/local-search.ts';
import { medianLegCost } from './ils/median-leg-cost.ts';
import { PenalisedRoutes } from './ils/penalised-routes.ts';
import { isPenalisable, penalisedSpace } from './ils/penalised-space.ts';
import { Penalties } from './ils/penalties.ts';
import { Perturbation } from './ils/perturbation.ts';
import { proximityOf } from './ils/proximity.ts';
import { UndoLog } from './ils/undo-log.ts';
import { VisitQueue } from './ils/visit-queue.ts';
import { InsertionPrices } from './insertion-prices.ts';
import { giveLastChances } from './last-chances.ts';
import { inLocalOrder } from './local-order.ts';
import { NearVisits } from './near-visits.ts';
import { PlaceFinder } from './place-finder.ts';
import { Plan } from './plan.ts';
import { Recreate } from './recreate.ts';
import { searchSpace } from './search-space.ts';
import { sisr } from './sisr.ts';
import { SortOrders } from './sort-orders.ts';

/**
 * Iterated local search among plans that may be late or overloaded at a price (Vidal et al. 2013
 * for the prices, Christiaens and Vanden Berghe 2020 for the perturbation). The best feasible plan is
 * kept aside, so it has a valid one whenever it is stopped.
 *
 * Days with pairs, breaks, reloads or windows that may be missed are left to `sisr`: what comes between
 * two visits then depends on the rest of the route, so that it cannot be priced from parts.
 */
export const ils: Search = (original, seed, control) => {
  if (!isPenalisable(original)) return sisr(original, seed, control);
  const { instance, originals } = inLocalOrder(original);
  const space = searchSpace(instance);
  const random = seededRandom(seed);
  const plan = new Plan(space);
  const near = new NearVisits(space, 25);
  const finder = new PlaceFinder(plan, new InsertionPrices(plan), near, random);
  const recreate = new Recreate(plan, finder, new SortOrders(space, random));
  recreate.run();
  plan.commit();
  const best = new BestPlan(plan, control);
  best.take();

  const routes = new PenalisedRoutes(penalisedSpace(space));
  best.routes.forEach((nodes, route) => routes.set(route, nodes));
  const budget = new Budget(control);
  plan.restore(improve(routes, { budget, control, random }));
  giveLastChances(plan, recreate);
  best.take();
  return {
    routes: best.routes.map((route) => Array.from(route, (node) => originals[node]!)),
    iterations: budget.iterations,
  };
};

/** Returns the best feasible routes. */
function improve(
  routes: PenalisedRoutes,
  { budget, control, random }: { budget: Budget; control: SearchControl; random: Random },
): readonly Int32Array[] {
  const absent = absentOf(routes);
  const incumbent = new Incumbent(routes, absent, control);
  const log = new UndoLog(routes);
  const queue = new VisitQueue(routes.position.length);
  const near = proximityOf(routes.data, NEAR_VISITS);
  const around = proximityOf(routes.data, VISITS_AROUND);
  const localSearch = new LocalSearch(routes, near, log, queue);
  const perturbation = new Perturbation({ routes, around, absent, log, queue, random });
  const penalties = new Penalties(routes, medianLegCost(routes));
  let temperature = 0;

  for (let visit = 0; visit < routes.position.length; visit++) queue.add(visit);
  localSearch.run();
  log.forget();
  const legCost = medianLegCost(routes);
  let present = routes.totalCost + absent.cost;
  if (routes.isFeasible) incumbent.offer();
  while (budget.used < 1) {
    if (budget.step()) {
      temperature = legCost * temperatureAt(budget.used);
      incumbent.report();
    }
    const isComplete = perturbation.run();
    localSearch.run();
    penalties.count();
    if (isComplete && routes.isFeasible) incumbent.offer();
    const cost = routes.totalCost + absent.cost;
    if (isComplete && cost < present - temperature * Math.log(1 - random())) {
      log.forget();
      absent.keep();
      present = cost;
    } else {
      log.undo();
      absent.restore();
    }
    if (penalties.adapt()) present = routes.totalCost + absent.cost;
  }
  return incumbent.routes;
}

/** Visits may become absent only where the first plan had no room for all of them. */
function absentOf(routes: PenalisedRoutes): AbsentVisits {
  const { space } = routes.data;
  const { position } = routes;
  const prices = position.includes(-1)
    ? absencePrices(space, medianLegCost(routes))
    : new Float64Array(position.length).fill(Infinity);
  const absent = new AbsentVisits(space, prices);
  position.forEach((at, visit) => {
    if (at < 0) absent.add(visit);
  });
  absent.keep();
  return absent;
}

/** In legs, for a share of the budget. */
function temperatureAt(used: number): number {
  return FIRST_TEMPERATURE * (LAST_TEMPERATURE / FIRST_TEMPERATURE) ** Math.min(1, used);
}

/** Whose neighbourhood the local search looks for. */
const NEAR_VISITS = 8;
/** Among which strings are taken out together, and beside which visits are put in again. */
const VISITS_AROUND = 24;
const FIRST_TEMPERATURE = 2;
const LAST_TEMPERATURE = 0.04;
