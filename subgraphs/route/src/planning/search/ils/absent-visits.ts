import type { SearchSpace } from '../search-space.ts';

/**
 * The visits that are in no route, with what that costs the search. A real penalty outweighs a whole
 * day, so late plans with every order in them would win for ever; here it is a few legs and the way
 * there and back, more for more important orders, and the incumbent sees to the rest.
 */
export class AbsentVisits {
  /** The first `count` of them are absent. */
  readonly list: Int32Array;
  count = 0;
  /** Of all that are absent. */
  cost = 0;
  /** By level of penalty: how many are absent. */
  readonly byLevel: Int32Array;
  /** By visit. */
  readonly #prices: Float64Array;
  /** By visit: its place in the list, or -1. */
  readonly #placeOf: Int32Array;
  readonly #levelOf: Int32Array;
  readonly #kept: Int32Array;
  #keptCount = 0;

  /** @param prices By visit: what its absence costs; Infinity where it has to be in a route. */
  constructor({ instance, levelOf, penaltyLevels }: SearchSpace, prices: Float64Array) {
    this.#prices = prices;
    this.list = new Int32Array(prices.length);
    this.byLevel = new Int32Array(penaltyLevels.length);
    this.#placeOf = new Int32Array(prices.length).fill(-1);
    this.#levelOf = Int32Array.from(prices, (_, visit) => levelOf[instance.orderOf[visit]!]!);
    this.#kept = new Int32Array(prices.length);
  }

  priceOf(visit: number): number {
    return this.#prices[visit]!;
  }

  has(visit: number): boolean {
    return this.#placeOf[visit]! >= 0;
  }

  add(visit: number): void {
    const level = this.#levelOf[visit]!;
    this.#placeOf[visit] = this.count;
    this.list[this.count++] = visit;
    this.byLevel[level] = this.byLevel[level]! + 1;
    this.cost += this.#prices[visit]!;
  }

  remove(visit: number): void {
    const level = this.#levelOf[visit]!;
    const place = this.#placeOf[visit]!;
    const last = this.list[--this.count]!;
    this.list[place] = last;
    this.#placeOf[last] = place;
    this.#placeOf[visit] = -1;
    this.byLevel[level] = this.byLevel[level]! - 1;
    this.cost -= this.#prices[visit]!;
  }

  keep(): void {
    this.#keptCount = this.count;
    for (let at = 0; at < this.count; at++) this.#kept[at] = this.list[at]!;
  }

  /** Back to what was kept last. */
  restore(): void {
    while (this.count > 0) this.remove(this.list[this.count - 1]!);
    this.cost = 0;
    for (let at = 0; at < this.#keptCount; at++) this.add(this.#kept[at]!);
  }
}

/** By visit: the cheapest way there and back, and so many legs more. */
export function absencePrices(
  { instance, vehicles, levelOf, penaltyLevels, visitCount, arcs, endNodes }: SearchSpace,
  legCost: number,
): Float64Array {
  const ranks = Float64Array.from(penaltyLevels, (penalty) => {
    return penaltyLevels.reduce((count, other) => count + (other < penalty ? 1 : 0), 0);
  });
  return Float64Array.from({ length: visitCount }, (_, visit) => {
    const alone = vehicles.map(({ fixedCost, costPerMeter, costPerSecond, startNode }, route) => {
      const { size, metersFrom, secondsFrom } = arcs[route]!;
      const there = startNode * size + visit;
      const back = visit * size + endNodes[route]!;
      const meters = metersFrom[there]! + metersFrom[back]!;
      const seconds = secondsFrom[there]! + secondsFrom[back]! + instance.serviceSeconds[visit]!;
      return fixedCost + meters * costPerMeter + seconds * costPerSecond;
    });
    const rank = ranks[levelOf[instance.orderOf[visit]!]!]!;
    return Math.min(...alone) + legCost * LEGS_PER_ABSENCE * (1 + rank);
  });
}

const LEGS_PER_ABSENCE = 10;
