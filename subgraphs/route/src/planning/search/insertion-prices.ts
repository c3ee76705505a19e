import { BestTwo } from './best-two.ts';
import { scanPair } from './pair-scan.ts';
import type { Place } from './place.ts';
import type { Plan } from './plan.ts';
import { scanSingle } from './single-scan.ts';
import { WalkedPlaces } from './walked-places.ts';

/**
 * What it costs to put an order into a route, at the best place and at the second best. Kept for as
 * long as the route stays the same: a step of the search changes few routes.
 */
export class InsertionPrices {
  // At `order * routeCount + route`, without what `Plan.moveCost` says; Infinity where there is no place.
  readonly prices: Float64Array;
  readonly secondPrices: Float64Array;
  readonly places: Int32Array;
  readonly secondPlaces: Int32Array;
  readonly routeCount: number;
  readonly #plan: Plan;
  readonly #versions: Float64Array;
  /** Dearer places were not looked for. */
  readonly #limits: Float64Array;
  readonly #walked: WalkedPlaces;
  readonly #found = new BestTwo();

  constructor(plan: Plan) {
    const { orderCount } = plan.space.instance;
    this.routeCount = plan.space.vehicles.length;
    const size = orderCount * this.routeCount;
    this.#plan = plan;
    this.prices = new Float64Array(size);
    this.secondPrices = new Float64Array(size);
    this.#limits = new Float64Array(size);
    this.places = new Int32Array(size);
    this.secondPlaces = new Int32Array(size);
    this.#versions = new Float64Array(size).fill(-1);
    this.#walked = new WalkedPlaces(plan);
  }

  /**
   * Where the figures for this order and route are, up to date.
   * @param limit Dearer places may be missing.
   */
  at(order: number, route: number, limit: number): number {
    const at = order * this.routeCount + route;
    const isFresh =
      this.#versions[at] === this.#plan.versions[route] &&
      (this.prices[at]! < Infinity || this.#limits[at]! >= limit);
    if (!isFresh) this.#scan(order, route, limit);
    return at;
  }

  /** True when only an exact walk tells what the order costs in this route. */
  isWalked(order: number, route: number): boolean {
    return this.#walked.isNeeded(order, route);
  }

  #scan(order: number, route: number, limit: number): void {
    const at = order * this.routeCount + route;
    const found = this.#found;
    found.clear(limit);
    if (this.mayFit(order, route)) this.#offerPlaces(order, route, found);
    this.#versions[at] = this.#plan.versions[route]!;
    this.#limits[at] = limit;
    this.prices[at] = found.place < 0 ? Infinity : found.price;
    this.secondPrices[at] = found.secondPlace < 0 ? Infinity : found.secondPrice;
    this.places[at] = found.place;
    this.secondPlaces[at] = found.secondPlace;
  }

  #offerPlaces(order: number, route: number, found: BestTwo): void {
    const { rows, space } = this.#plan;
    if (this.#walked.isNeeded(order, route)) this.#walked.offer(order, route, found);
    else if (space.secondVisit[order]! >= 0) scanPair(rows, order, route, found);
    else scanSingle(rows, order, route, found);
    if (found.place < 0) this.#walked.offerReloads(order, route, found);
  }

  /** What an order costs at this place by an exact walk; Infinity when it does not fit there. */
  walkedPrice(order: number, route: number, place: Place): number {
    return this.#walked.price(order, route, place);
  }

  /** What can be told of the route as a whole. */
  mayFit(order: number, route: number): boolean {
    const { space, rows } = this.#plan;
    const { capacities, mostVisits, instance } = space;
    if (space.hasLegLoads) {
      const visits = space.secondVisit[order]! >= 0 ? 2 : 1;
      if (rows.lengths[route]! - rows.reloads[route]! + visits > mostVisits[route]!) return false;
      return space.vehicles[route]!.isCapable[order] === 1;
    }
    const { dimensions, load } = instance;
    const { loads, lengths } = rows;
    for (let dimension = 0; dimension < dimensions; dimension++) {
      const at = route * dimensions + dimension;
      if (loads[at]! + load[order * dimensions + dimension]! > capacities[at]!) return false;
    }
    return lengths[route]! < mostVisits[route]! && space.vehicles[route]!.isCapable[order] === 1;
  }
}
