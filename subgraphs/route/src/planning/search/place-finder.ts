import type { Random } from '../random.ts';
import type { InsertionPrices } from './insertion-prices.ts';
import type { NearVisits } from './near-visits.ts';
import { NO_RELOAD, packPlace, type Place } from './place.ts';
import type { Plan } from './plan.ts';
import { priceAfter } from './single-scan.ts';

/**
 * The cheapest place for an order next to the visits that are near it, or in an empty vehicle; of
 * the places one in a hundred is overlooked ("blinks", Christiaens and Vanden Berghe 2020). Only when
 * there is none, every place in every route is looked at.
 */
export class PlaceFinder {
  /** What was found last; the route is -1 for nothing. */
  route = -1;
  place: Place = 0;
  price = Infinity;
  readonly #plan: Plan;
  readonly #prices: InsertionPrices;
  readonly #near: NearVisits;
  readonly #random: Random;
  /** So many places are seen until the next is overlooked. */
  #untilBlink = 0;
  /** By route: the last search that has looked at it as a whole. */
  readonly #seenIn: Int32Array;
  #search = 0;

  constructor(plan: Plan, prices: InsertionPrices, near: NearVisits, random: Random) {
    this.#plan = plan;
    this.#prices = prices;
    this.#near = near;
    this.#random = random;
    this.#seenIn = new Int32Array(plan.space.vehicles.length);
    this.#drawBlink();
  }

  /** True when there is a place that costs less than the limit. */
  find(order: number, limit: number): boolean {
    const { firstVisit, secondVisit } = this.#plan.space;
    this.#search++;
    this.route = -1;
    this.price = limit;
    const second = secondVisit[order]!;
    if (second >= 0) {
      this.#findInRoutes(order, firstVisit[order]!);
      this.#findInRoutes(order, second);
    } else this.#findBeside(order);
    this.#findInEmpty(order);
    return this.route >= 0 || this.findAnywhere(order, limit);
  }

  /** The same with every route and nothing overlooked. */
  findAnywhere(order: number, limit: number): boolean {
    const { candidates, candidateCount } = this.#plan;
    this.route = -1;
    this.price = limit;
    for (let index = 0; index < candidateCount; index++) this.#look(order, candidates[index]!);
    return this.route >= 0;
  }

  /** The same in one route, whatever it costs. */
  findIn(order: number, route: number): boolean {
    this.route = -1;
    this.price = Infinity;
    this.#look(order, route);
    return this.route >= 0;
  }

  /** For an order of one visit: after those that it may follow, and before those that it may precede. */
  #findBeside(order: number): void {
    const { before, after, beforeCounts, afterCounts, width } = this.#near;
    const visit = this.#plan.space.firstVisit[order]!;
    this.#findBesideEach(order, before, visit * width, beforeCounts[visit]!, 0);
    this.#findBesideEach(order, after, visit * width, afterCounts[visit]!, -1);
  }

  #findBesideEach(order: number, near: Int32Array, from: number, count: number, shift: number) {
    const { rows, space, routeOf, slotOf } = this.#plan;
    const { nodes, departs, closes, legMeters, stride } = rows;
    const { perMeter, frozenSlots, mayWalk, hasSeveralArcs, arcs, isPlain } = space;
    const { orderOf, movePenalty } = space.instance;
    const visit = space.firstVisit[order]!;
    let current = arcs[0]!;
    let { metersFrom, metersTo, secondsFrom, secondsTo } = current;
    const base = visit * current.size;
    const opensAt = space.opens[visit]!;
    const closesAt = space.closes[visit]!;
    const service = space.serviceSeconds[visit]!;
    let cheapest = this.price;
    for (let index = from; index < from + count; index++) {
      const other = near[index]!;
      const route = routeOf[orderOf[other]!]!;
      if (route < 0) continue;
      if (mayWalk && this.#prices.isWalked(order, route)) {
        this.#lookOnce(order, route);
        cheapest = this.price;
        continue;
      }
      if (hasSeveralArcs && arcs[route] !== current) {
        current = arcs[route]!;
        ({ metersFrom, metersTo, secondsFrom, secondsTo } = current);
      }
      const slot = slotOf[other]! + shift;
      const at = route * stride + slot;
      const previous = base + nodes[at]!;
      const next = base + nodes[at + 1]!;
      const meters = metersTo[previous]! + metersFrom[next]! - legMeters[at + 1]!;
      let price = meters * perMeter[route]!;
      if (price >= cheapest) continue;
      let start = departs[at]! + secondsTo[previous]!;
      if (start > closesAt) continue;
      if (start < opensAt) start = opensAt;
      if (start + service + secondsFrom[next]! > closes[at + 1]!) continue;
      if (slot < frozenSlots[route]! || !this.#prices.mayFit(order, route)) continue;
      if (!isPlain) {
        price = priceAfter(rows, order, route, at);
        if (movePenalty !== 0) price += this.#plan.moveCost(order, route);
        if (price >= cheapest) continue;
      }
      if (this.#blinks()) continue;
      cheapest = price;
      this.price = price;
      this.route = route;
      this.place = packPlace(slot, 0, NO_RELOAD);
    }
  }

  /** In the routes of near visits, each as a whole. */
  #findInRoutes(order: number, visit: number): void {
    const { space, routeOf } = this.#plan;
    const { orderOf } = space.instance;
    const { before, after, beforeCounts, afterCounts, width } = this.#near;
    const list = visit * width;
    for (let index = 0; index < beforeCounts[visit]!; index++) {
      this.#lookOnce(order, routeOf[orderOf[before[list + index]!]!]!);
    }
    for (let index = 0; index < afterCounts[visit]!; index++) {
      this.#lookOnce(order, routeOf[orderOf[after[list + index]!]!]!);
    }
  }

  #findInEmpty(order: number): void {
    const { candidates, candidateCount, rows } = this.#plan;
    for (let index = 0; index < candidateCount; index++) {
      if (rows.lengths[candidates[index]!] === 0) this.#lookOnce(order, candidates[index]!);
    }
  }

  #look(order: number, route: number): void {
    const { prices, places } = this.#prices;
    const at = this.#prices.at(order, route);
    this.#consider(order, { route, place: places[at]!, price: prices[at]! });
  }

  /** Its best place, or when that is overlooked its second best. */
  #lookOnce(order: number, route: number): void {
    if (route < 0 || this.#seenIn[route] === this.#search) return;
    this.#seenIn[route] = this.#search;
    const prices = this.#prices;
    const at = prices.at(order, route);
    if (prices.prices[at] === Infinity) return;
    const isOverlooked = this.#blinks();
    this.#consider(order, {
      route,
      place: isOverlooked ? prices.secondPlaces[at]! : prices.places[at]!,
      price: isOverlooked ? prices.secondPrices[at]! : prices.prices[at]!,
    });
  }

  #consider(
    order: number,
    { route, place, price }: { route: number; place: Place; price: number },
  ): void {
    const cost = price + this.#plan.moveCost(order, route);
    if (cost >= this.price) return;
    this.price = cost;
    this.route = route;
    this.place = place;
  }

  #blinks(): boolean {
    if (this.#untilBlink-- > 0) return false;
    this.#drawBlink();
    return true;
  }

  #drawBlink(): void {
    this.#untilBlink = Math.floor(Math.log(1 - this.#random()) / Math.log(1 - BLINK_SHARE));
  }
}

const BLINK_SHARE = 0.01;
