import type { Random } from '../random.ts';
import type { OfferTaker } from './best-two.ts';
import { Blinks } from './blinks.ts';
import type { InsertionPrices } from './insertion-prices.ts';
import type { NearVisits } from './near-visits.ts';
import { NO_RELOAD, packPlace, type Place } from './place.ts';
import { isPlain, PlainScan } from './plain-scan.ts';
import type { Plan } from './plan.ts';
import { Shortlist } from './shortlist.ts';
import { priceAfter, scanSingle } from './single-scan.ts';

/**
 * The cheapest place for an order, of which one in a hundred is overlooked ("blinks", Christiaens and
 * Vanden Berghe 2020). Where places are dear to look at (pairs, exact walks), only those next to the
 * visits that are near it and in empty vehicles are, and all others only when there is none.
 */
export class PlaceFinder implements OfferTaker {
  /** What was found last; the route is -1 for nothing. */
  route = -1;
  place: Place = 0;
  price = Infinity;
  readonly #plan: Plan;
  readonly #prices: InsertionPrices;
  readonly #near: NearVisits;
  readonly #blinks: Blinks;
  /** null where places depend on more than it looks at. */
  readonly #plainScan: PlainScan | null;
  /** By route: the last search that has looked at it as a whole. */
  readonly #seenIn: Int32Array;
  #search = 0;
  /** What seems dearer than that is not looked at. */
  #bar = Infinity;
  readonly #shortlist = new Shortlist();
  /** The route whose places are offered, and what being moved there costs. */
  #scanned = -1;
  #moveCost = 0;

  constructor(plan: Plan, prices: InsertionPrices, near: NearVisits, random: Random) {
    this.#plan = plan;
    this.#prices = prices;
    this.#near = near;
    this.#blinks = new Blinks(random);
    this.#plainScan = isPlain(plan.space) ? new PlainScan(plan, this.#blinks) : null;
    this.#seenIn = new Int32Array(plan.space.vehicles.length);
  }

  /** True when there is a place that costs less than the limit. */
  find(order: number, limit: number): boolean {
    return this.#findGood(order, limit) || this.findAnywhere(order, limit);
  }

  #findGood(order: number, limit: number): boolean {
    const { space } = this.#plan;
    const { firstVisit, secondVisit } = space;
    this.#search++;
    this.#shortlist.clear();
    this.route = -1;
    this.price = this.#bar = limit;
    const second = secondVisit[order]!;
    if (second >= 0) {
      this.#findInRoutes(order, firstVisit[order]!);
      this.#findInRoutes(order, second);
    } else if (this.#plainScan !== null) {
      this.#findPlain(order, this.#plainScan);
    } else if (!space.mayWalk) {
      this.#findInUsed(order);
    } else {
      this.#near.list(firstVisit[order]!);
      this.#findAfter(order);
      this.#findBefore(order);
      this.#walkShortlist(order);
    }
    this.#findInEmpty(order);
    return this.route >= 0;
  }

  /** The same with every route and nothing overlooked. */
  findAnywhere(order: number, limit: number): boolean {
    const { routes, count } = this.#plan.candidates;
    this.route = -1;
    this.price = limit;
    for (let index = 0; index < count; index++) this.#look(order, routes[index]!);
    return this.route >= 0;
  }

  /** Only in empty vehicles, whatever it costs. */
  findEmpty(order: number): boolean {
    this.#search++;
    this.route = -1;
    this.price = this.#bar = Infinity;
    this.#findInEmpty(order);
    return this.route >= 0;
  }

  /** Only in this route, whatever it costs. */
  findIn(order: number, route: number): boolean {
    this.route = -1;
    this.price = Infinity;
    this.#look(order, route);
    return this.route >= 0;
  }

  #findPlain(order: number, scan: PlainScan): void {
    const { costPerMeter } = this.#plan.space.vehicles[0]!;
    const mostMeters = Math.min(MOST_METERS, this.price / costPerMeter);
    if (!scan.find(order, mostMeters)) return;
    this.#take(scan.route, packPlace(scan.slot, 0, NO_RELOAD), scan.meters * costPerMeter);
  }

  /** For an order of one visit: at every place in every route that is used, without exact walks. */
  #findInUsed(order: number): void {
    const { candidates, rows } = this.#plan;
    const { routes, count } = candidates;
    for (let index = 0; index < count; index++) {
      const route = routes[index]!;
      if (rows.lengths[route] === 0 || !this.#prices.mayFit(order, route)) continue;
      this.#scanned = route;
      this.#moveCost = this.#plan.moveCost(order, route);
      scanSingle(rows, order, route, this);
    }
  }

  get secondPrice(): number {
    return this.price - this.#moveCost;
  }

  offer(price: number, place: Place): void {
    if (!this.#blinks.happens()) this.#take(this.#scanned, place, price + this.#moveCost);
  }

  /** For an order of one visit: after those that it may follow. */
  #findAfter(order: number): void {
    const { visits, space } = this.#plan;
    const { nextOf, metersAfter } = visits;
    const { before, metersBefore, beforeCounts, width } = this.#near;
    const visit = space.firstVisit[order]!;
    const { size, metersFrom } = space.arcs[0]!;
    const base = visit * size;
    const { leastPerMeter } = space;
    const end = visit * width + beforeCounts[visit]!;
    for (let index = visit * width; index < end; index++) {
      const other = before[index]!;
      const meters =
        metersBefore[index]! + metersFrom[base + nextOf[other]!]! - metersAfter[other]!;
      if (meters * leastPerMeter < this.#bar) this.#tryAfter(order, other, 0);
    }
  }

  /** And before those that it may precede. */
  #findBefore(order: number): void {
    const { visits, space } = this.#plan;
    const { previousOf, metersBefore } = visits;
    const { after, metersAfter, afterCounts, width } = this.#near;
    const visit = space.firstVisit[order]!;
    const { size, metersTo } = space.arcs[0]!;
    const base = visit * size;
    const { leastPerMeter } = space;
    const end = visit * width + afterCounts[visit]!;
    for (let index = visit * width; index < end; index++) {
      const other = after[index]!;
      const meters =
        metersAfter[index]! + metersTo[base + previousOf[other]!]! - metersBefore[other]!;
      if (meters * leastPerMeter < this.#bar) this.#tryAfter(order, other, -1);
    }
  }

  /** After the slot of a planned visit, or after one that is `shift` beside it. */
  #tryAfter(order: number, other: number, shift: number): void {
    const { rows, space, routeOf, slotOf } = this.#plan;
    const route = routeOf[space.instance.orderOf[other]!]!;
    const slot = slotOf[other]! + shift;
    if (route < 0 || slot < space.frozenSlots[route]!) return;
    if (!this.#prices.mayFit(order, route)) return;
    const isWalked = space.mayWalk && this.#prices.isWalked(order, route);
    if (isWalked && space.instance.costPerLateSecond !== null) {
      this.#lookOnce(order, route);
      return;
    }
    const at = route * rows.stride + slot;
    const price = priceAfter(rows, order, route, at) + this.#plan.moveCost(order, route);
    if (price >= this.#bar) return;
    const place = packPlace(slot, 0, NO_RELOAD);
    if (isWalked) {
      this.#shortlist.offer(price, route, place);
      this.#bar = Math.min(this.price, this.#shortlist.highestPrice);
    } else if (!this.#blinks.happens()) this.#take(route, place, price);
  }

  /** What the exact walk says of the places that seem cheapest without it. */
  #walkShortlist(order: number): void {
    const { count, prices, routes, places } = this.#shortlist;
    let feasible = 0;
    for (let index = 0; index < count && feasible < ENOUGH_FEASIBLE; index++) {
      if (prices[index]! >= this.price) return;
      const route = routes[index]!;
      const place = places[index]!;
      const walked = this.#prices.walkedPrice(order, route, place);
      if (walked === Infinity) continue;
      feasible++;
      const price = walked + this.#plan.moveCost(order, route);
      if (price < this.price && !this.#blinks.happens()) this.#take(route, place, price);
    }
  }

  /** In the routes of near visits, each as a whole. */
  #findInRoutes(order: number, visit: number): void {
    const { space, routeOf } = this.#plan;
    const { orderOf } = space.instance;
    const { before, after, beforeCounts, afterCounts, width } = this.#near;
    this.#near.list(visit);
    const list = visit * width;
    for (let index = 0; index < beforeCounts[visit]!; index++) {
      this.#lookOnce(order, routeOf[orderOf[before[list + index]!]!]!);
    }
    for (let index = 0; index < afterCounts[visit]!; index++) {
      this.#lookOnce(order, routeOf[orderOf[after[list + index]!]!]!);
    }
  }

  #findInEmpty(order: number): void {
    const { emptyRoutes, emptyCount } = this.#plan.candidates;
    for (let index = 0; index < emptyCount; index++) this.#lookOnce(order, emptyRoutes[index]!);
  }

  #look(order: number, route: number): void {
    const { prices, places } = this.#prices;
    const at = this.#prices.at(order, route, this.price);
    const price = prices[at]! + this.#plan.moveCost(order, route);
    if (price < this.price) this.#take(route, places[at]!, price);
  }

  /** Its best place, or when that is overlooked its second best. */
  #lookOnce(order: number, route: number): void {
    if (route < 0 || this.#seenIn[route] === this.#search) return;
    this.#seenIn[route] = this.#search;
    const { prices, places, secondPrices, secondPlaces } = this.#prices;
    const at = this.#prices.at(order, route, this.price);
    const moveCost = this.#plan.moveCost(order, route);
    if (prices[at]! + moveCost >= this.price) return;
    if (!this.#blinks.happens()) this.#take(route, places[at]!, prices[at]! + moveCost);
    else if (secondPrices[at]! + moveCost < this.price) {
      this.#take(route, secondPlaces[at]!, secondPrices[at]! + moveCost);
    }
  }

  #take(route: number, place: Place, price: number): void {
    this.route = route;
    this.place = place;
    this.price = price;
    if (price < this.#bar) this.#bar = price;
  }
}

/** Farther than any detour, and whole as they are. */
const MOST_METERS = 2 ** 30;

/** Walked of the shortlist, and feasible. */
const ENOUGH_FEASIBLE = 2;
