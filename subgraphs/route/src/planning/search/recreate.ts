import type { PlaceFinder } from './place-finder.ts';
import type { Plan } from './plan.ts';
import type { SortOrders } from './sort-orders.ts';

/** Puts absent orders in again, one after the other, each at its cheapest place. */
export class Recreate {
  readonly #plan: Plan;
  readonly #finder: PlaceFinder;
  readonly #sortOrders: SortOrders;
  readonly #queue: Int32Array;
  /** Of those that were absent before. */
  #next = 0;
  #runs = 0;

  constructor(plan: Plan, finder: PlaceFinder, sortOrders: SortOrders) {
    this.#plan = plan;
    this.#finder = finder;
    this.#sortOrders = sortOrders;
    this.#queue = new Int32Array(plan.space.instance.orderCount);
  }

  /** What was taken out since the last commit, and some of those that were absent before; all of them when nothing was taken out. */
  run(): void {
    const { absent, absentCount, keptAbsentCount, space } = this.#plan;
    const { penalty } = space.instance;
    const queue = this.#queue;
    const standing = absentCount === keptAbsentCount ? 0 : keptAbsentCount;
    let count = 0;
    for (let index = standing; index < absentCount; index++) queue[count++] = absent[index]!;
    const tries = Math.min(standing, TRIED_AGAIN);
    for (let index = 0; index < tries; index++) {
      queue[count++] = absent[this.#next++ % standing]!;
    }
    this.#sortOrders.sort(queue, count);
    const opensVehicle = ++this.#runs % RUNS_PER_OPENING === 0;
    for (let index = 0; index < count; index++) {
      const order = queue[index]!;
      const isFound =
        (opensVehicle && index === 0 && this.#finder.findEmpty(order)) ||
        this.#finder.find(order, penalty[order]!);
      if (isFound) this.#insertFound(order);
    }
  }

  /** Whatever fits, the most important first, whatever it costs. */
  insertAll(): void {
    const { absent, absentCount, space } = this.#plan;
    const { penalty } = space.instance;
    const orders = Array.from(absent.subarray(0, absentCount));
    for (const order of orders.toSorted((a, b) => penalty[b]! - penalty[a]! || a - b)) {
      if (this.#finder.findAnywhere(order, Infinity)) this.#insertFound(order);
    }
  }

  /** Into this route at its cheapest place; false when there is none. */
  insertInto(order: number, route: number): boolean {
    if (!this.#finder.findIn(order, route)) return false;
    this.#insertFound(order);
    return true;
  }

  #insertFound(order: number): void {
    this.#plan.insert(order, this.#finder.route, this.#finder.place);
  }
}

/** Of the orders that have been absent for longer, in one run: a hundred of them would slow every step down. */
const TRIED_AGAIN = 10;

/**
 * So often the first order gets a vehicle of its own, and what comes after it may join: a place in a
 * route that stands is nearly always cheaper for one order alone, however good another route would be.
 */
const RUNS_PER_OPENING = 64;
