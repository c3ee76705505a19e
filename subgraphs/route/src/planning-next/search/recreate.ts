import type { Random } from '../random.ts';
import type { InsertionPrices } from './insertion-prices.ts';
import type { Plan } from './plan.ts';
import type { SortOrders } from './sort-orders.ts';

/**
 * Puts absent orders in, one after the other, each at its cheapest place, of which one in a hundred
 * is overlooked (greedy insertion with blinks, Christiaens and Vanden Berghe 2020).
 */
export class Recreate {
  readonly #plan: Plan;
  readonly #prices: InsertionPrices;
  readonly #sortOrders: SortOrders;
  readonly #random: Random;
  readonly #queue: Int32Array;
  /** So many places are seen until the next is overlooked. */
  #untilBlink = 0;

  constructor(plan: Plan, prices: InsertionPrices, sortOrders: SortOrders, random: Random) {
    this.#plan = plan;
    this.#prices = prices;
    this.#sortOrders = sortOrders;
    this.#random = random;
    this.#queue = new Int32Array(plan.space.instance.orderCount);
    this.#untilBlink = this.#drawBlink();
  }

  run(): void {
    const count = this.#plan.absentCount;
    for (let index = 0; index < count; index++) this.#queue[index] = this.#plan.absent[index]!;
    this.#sortOrders.sort(this.#queue, count);
    for (let index = 0; index < count; index++) this.insert(this.#queue[index]!);
  }

  /** Whatever fits, the most important first, whatever it costs, with nothing overlooked. */
  insertAll(): void {
    const { absent, absentCount, space } = this.#plan;
    const { penalty } = space.instance;
    const orders = Array.from(absent.subarray(0, absentCount));
    for (const order of orders.toSorted((a, b) => penalty[b]! - penalty[a]! || a - b)) {
      this.#untilBlink = -1;
      this.#insertCheapest(order, Infinity);
    }
    this.#untilBlink = this.#drawBlink();
  }

  /** Into this route at its cheapest place; false when there is none. */
  insertInto(order: number, route: number): boolean {
    const at = this.#prices.at(order, route);
    if (this.#prices.prices[at] === Infinity) return false;
    this.#plan.insert(order, route, this.#prices.places[at]!);
    return true;
  }

  /** False when there is no place for it that is worth it. */
  insert(order: number): boolean {
    return this.#insertCheapest(order, this.#plan.space.instance.penalty[order]!);
  }

  #insertCheapest(order: number, limit: number): boolean {
    const { candidates, space } = this.#plan;
    const prices = this.#prices;
    const hasMovePenalty = space.instance.movePenalty !== 0;
    let cheapest = limit;
    let route = -1;
    let place = 0;
    for (let index = 0; index < this.#plan.candidateCount; index++) {
      const candidate = candidates[index]!;
      const at = prices.at(order, candidate);
      let price = prices.prices[at]!;
      let candidatePlace = prices.places[at]!;
      if (price === Infinity) continue;
      if (this.#untilBlink-- === 0) {
        this.#untilBlink = this.#drawBlink();
        price = prices.secondPrices[at]!;
        candidatePlace = prices.secondPlaces[at]!;
      }
      if (hasMovePenalty) price += this.#plan.moveCost(order, candidate);
      if (price >= cheapest) continue;
      cheapest = price;
      route = candidate;
      place = candidatePlace;
    }
    if (route < 0) return false;
    this.#plan.insert(order, route, place);
    return true;
  }

  #drawBlink(): number {
    return Math.floor(Math.log(1 - this.#random()) / Math.log(1 - BLINK_SHARE));
  }
}

const BLINK_SHARE = 0.01;
