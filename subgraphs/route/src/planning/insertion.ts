import type { Draft } from './draft.ts';
import type { InstanceOrder } from './instance.ts';
import type { PlannerControl } from './planner.ts';
import type { Random } from './random.ts';

type InsertionOptions = {
  readonly random: Random;
  readonly noise: number;
  readonly control: PlannerControl;
};

/**
 * Inserts what fits and adds the rest to `draft.leftOut`. An order's regret is what its second best
 * route would cost more than its best one; the highest goes first (Potvin and Rousseau 1993).
 */
export function insertByRegret(
  draft: Draft,
  orders: readonly InstanceOrder[],
  { random, noise, control }: InsertionOptions,
): void {
  const pool = new InsertionPool(draft, orders);
  while (control.shouldStop() === null) {
    const chosen = pool.mostUrgent(() => 1 + noise * (2 * random() - 1));
    if (chosen === null) break;
    pool.insert(chosen);
    control.report(() => draft.counts());
  }
  draft.leftOut.push(...pool.waiting.map((candidate) => candidate.order));
}

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

  mostUrgent(factor: () => number): Candidate | null {
    let urgent: Candidate | null = null;
    let highest = -Infinity;
    for (const candidate of this.waiting) {
      if (candidate.bestCost === Infinity) continue;
      const urgency = urgencyOf(candidate) * factor();
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
  candidate.bestCost = candidate.secondCost = Infinity;
  for (const [route, cost] of candidate.costs.entries()) {
    if (cost < candidate.bestCost) {
      candidate.secondCost = candidate.bestCost;
      candidate.bestCost = cost;
      candidate.bestRoute = route;
    } else if (cost < candidate.secondCost) candidate.secondCost = cost;
  }
}

/** With one route left, it is now or never: above every regret, the dearest detour first. */
const LAST_CHANCE = 1e9;

/** Far orders break ties among equal regrets, as between empty vehicles: they shape the routes. */
const DISTANT_FIRST = 1e-3;

function urgencyOf({ bestCost, secondCost }: Candidate): number {
  const regret = secondCost === Infinity ? LAST_CHANCE : secondCost - bestCost;
  return regret + DISTANT_FIRST * bestCost;
}
