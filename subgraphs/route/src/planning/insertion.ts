import type { Draft } from './draft.ts';
import type { InstanceOrder } from './instance.ts';
import type { PlannerControl } from './planner.ts';
import type { Random } from './random.ts';

export type InsertionOptions = {
  readonly orders: readonly InstanceOrder[];
  readonly rule: InsertionRule;
  /** Share by which an order's urgency is over- or understated at most. */
  readonly noise: number;
  readonly random: Random;
  readonly control: PlannerControl;
  readonly onInserted?: () => void;
};

/**
 * Which order comes next. An order's regret is what its second best route would cost more than its
 * best one (Potvin and Rousseau 1993).
 * REGRET: the highest regret, also for being far away. CHEAPEST: the cheapest insertion of all.
 * CHEAP_REGRET: between the two.
 */
export type InsertionRule = 'REGRET' | 'CHEAPEST' | 'CHEAP_REGRET';

/** Inserts what fits and adds the rest to `draft.leftOut`. */
export function insertOrders(draft: Draft, options: InsertionOptions): void {
  const { orders, rule, noise, random, control, onInserted } = options;
  const { regretWeight, costWeight } = WEIGHTS[rule];
  const pool = new InsertionPool(draft, orders);
  while (control.shouldStop() === null) {
    const chosen = pool.mostUrgent(({ bestCost, secondCost }) => {
      // With one route left it is now or never.
      const regret = Math.min(secondCost - bestCost, LAST_CHANCE);
      const urgency = regretWeight * regret + costWeight * bestCost;
      return urgency + noise * (2 * random() - 1) * Math.abs(urgency);
    });
    if (chosen === null) break;
    pool.insert(chosen);
    onInserted?.();
  }
  draft.leftOut.push(...pool.waiting.map((candidate) => candidate.order));
}

const LAST_CHANCE = 1e9;

const WEIGHTS: Readonly<Record<InsertionRule, { regretWeight: number; costWeight: number }>> = {
  REGRET: { regretWeight: 1, costWeight: 0.3 },
  CHEAPEST: { regretWeight: 0, costWeight: -1 },
  CHEAP_REGRET: { regretWeight: 1, costWeight: -1 },
};

type Candidate = {
  readonly order: InstanceOrder;
  /** By route: the cheapest insertion's cost (Infinity for none) and position. */
  readonly costs: Float64Array;
  readonly positions: Int32Array;
  bestRoute: number;
  bestCost: number;
  secondCost: number;
};

/** Only one route changes with an insertion, so only the figures for that one are made again. */
class InsertionPool {
  waiting: Candidate[];
  readonly #draft: Draft;

  constructor(draft: Draft, orders: readonly InstanceOrder[]) {
    this.#draft = draft;
    this.waiting = orders.map((order) => this.#candidate(order));
  }

  mostUrgent(urgencyOf: (candidate: Candidate) => number): Candidate | null {
    let urgent: Candidate | null = null;
    let highest = -Infinity;
    for (const candidate of this.waiting) {
      if (candidate.bestCost === Infinity) continue;
      const urgency = urgencyOf(candidate);
      if (urgency <= highest) continue;
      highest = urgency;
      urgent = candidate;
    }
    return urgent;
  }

  insert(chosen: Candidate): void {
    const changed = chosen.bestRoute;
    this.#draft.routes[changed]!.insert(chosen.order, chosen.positions[changed]!);
    this.waiting = this.waiting.filter((candidate) => candidate !== chosen);
    for (const candidate of this.waiting) {
      const before = candidate.costs[changed]!;
      this.#evaluate(candidate, changed);
      const after = candidate.costs[changed]!;
      if (Math.min(before, after) <= candidate.secondCost) rank(candidate);
    }
  }

  #candidate(order: InstanceOrder): Candidate {
    const routeCount = this.#draft.routes.length;
    const candidate: Candidate = {
      order,
      costs: new Float64Array(routeCount),
      positions: new Int32Array(routeCount),
      bestRoute: -1,
      bestCost: Infinity,
      secondCost: Infinity,
    };
    for (let route = 0; route < routeCount; route++) this.#evaluate(candidate, route);
    rank(candidate);
    return candidate;
  }

  #evaluate(candidate: Candidate, route: number): void {
    const insertion = this.#draft.routes[route]!.cheapestInsertion(candidate.order);
    candidate.costs[route] = insertion?.cost ?? Infinity;
    candidate.positions[route] = insertion?.position ?? -1;
  }
}

function rank(candidate: Candidate): void {
  const { costs } = candidate;
  let bestRoute = -1;
  let bestCost = Infinity;
  let secondCost = Infinity;
  for (let route = 0; route < costs.length; route++) {
    const cost = costs[route]!;
    if (cost >= secondCost) continue;
    if (cost < bestCost) {
      secondCost = bestCost;
      bestCost = cost;
      bestRoute = route;
    } else secondCost = cost;
  }
  candidate.bestRoute = bestRoute;
  candidate.bestCost = bestCost;
  candidate.secondCost = secondCost;
}
