import { RouteMeter } from '../routes/route-times.ts';
import type { BestTwo, OfferTaker } from './best-two.ts';
import { scanPair } from './pair-scan.ts';
import {
  packPlace,
  RELOAD_AFTER,
  RELOAD_BEFORE,
  reloadOf,
  secondSlotOf,
  slotOf,
  type Place,
} from './place.ts';
import type { Plan } from './plan.ts';
import { scanSingle } from './single-scan.ts';

/**
 * Places in routes whose times only an exact walk tells: with breaks, lateness, several windows where
 * seconds cost, or another reload. The scans say what a place would cost without all that, which is
 * never too dear by much; the cheapest of their offers are walked.
 */
export class WalkedPlaces {
  readonly #plan: Plan;
  readonly #meter: RouteMeter;
  readonly #offers = new Offers();
  #nodes: Int32Array = new Int32Array(64);

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#meter = new RouteMeter(plan.space.instance);
  }

  isNeeded(order: number, route: number): boolean {
    const { space } = this.#plan;
    if (this.#plan.isWalked(route)) return true;
    if (space.isTimed[route] === 0) return false;
    const second = space.secondVisit[order]!;
    return (
      space.hasGaps[space.firstVisit[order]!] === 1 || (second >= 0 && space.hasGaps[second] === 1)
    );
  }

  offer(order: number, route: number, found: BestTwo): void {
    const { rows, space } = this.#plan;
    this.#offers.clear();
    if (space.secondVisit[order]! >= 0) scanPair(rows, order, route, this.#offers);
    else scanSingle(rows, order, route, this.#offers);
    this.#walk(order, route, found);
  }

  /** Another reload right before or after an order of one visit. */
  offerReloads(order: number, route: number, found: BestTwo): void {
    const { rows, space } = this.#plan;
    const vehicle = space.vehicles[route]!;
    const length = rows.lengths[route]!;
    if (length === 0 || vehicle.reloadNode < 0 || space.secondVisit[order]! >= 0) return;
    if (rows.reloads[route]! >= vehicle.maxReloads) return;
    const { metersFrom, size } = space.arcs[route]!;
    const visit = space.firstVisit[order]!;
    const depot = vehicle.reloadNode;
    const begin = route * rows.stride;
    this.#offers.clear();
    for (let slot = vehicle.frozenVisits; slot <= length; slot++) {
      const before = rows.nodes[begin + slot]!;
      const after = rows.nodes[begin + slot + 1]!;
      const direct = rows.legMeters[begin + slot + 1]!;
      const viaDepot = metersFrom[before * size + depot]! + metersFrom[depot * size + visit]!;
      const backViaDepot = metersFrom[visit * size + depot]! + metersFrom[depot * size + after]!;
      const first = viaDepot + metersFrom[visit * size + after]! - direct;
      const last = metersFrom[before * size + visit]! + backViaDepot - direct;
      if (slot > 0) this.#offers.offer(first, packPlace(slot, 0, RELOAD_BEFORE));
      if (slot < length) this.#offers.offer(last, packPlace(slot, 0, RELOAD_AFTER));
    }
    this.#walk(order, route, found);
  }

  price(order: number, route: number, place: Place): number {
    return this.#costWith(order, route, place) - this.#plan.costOf(route);
  }

  #walk(order: number, route: number, found: BestTwo): void {
    const now = this.#plan.costOf(route);
    let feasible = 0;
    for (let walks = 0; walks < MOST_WALKS && feasible < ENOUGH_FEASIBLE; walks++) {
      const place = this.#offers.takeCheapest();
      if (place < 0) return;
      const cost = this.#costWith(order, route, place);
      if (cost === Infinity) continue;
      feasible++;
      found.offer(cost - now, place);
    }
  }

  #costWith(order: number, route: number, place: Place): number {
    const { rows, space } = this.#plan;
    const length = rows.lengths[route]!;
    const vehicle = space.vehicles[route]!;
    if (this.#nodes.length < length + 3) this.#nodes = new Int32Array(2 * (length + 3));
    const nodes = this.#nodes;
    const begin = route * rows.stride;
    const slot = slotOf(place);
    const reload = reloadOf(place);
    const second = space.secondVisit[order]!;
    const secondSlot = second >= 0 ? secondSlotOf(place) : -1;
    let count = 0;
    for (let at = 0; at <= length; at++) {
      if (at > 0) nodes[count++] = rows.nodes[begin + at]!;
      if (at === slot) {
        if (reload === RELOAD_BEFORE) nodes[count++] = vehicle.reloadNode;
        nodes[count++] = space.firstVisit[order]!;
        if (reload === RELOAD_AFTER) nodes[count++] = vehicle.reloadNode;
      }
      if (at === secondSlot) nodes[count++] = second;
    }
    return this.#meter.measure(vehicle, nodes, 0, count);
  }
}

/** Of the cheapest offers, so many are walked for one order and route, and fewer when they are feasible. */
const MOST_WALKS = 24;
const ENOUGH_FEASIBLE = 3;

/** Every offer of a scan. */
class Offers implements OfferTaker {
  /** Scans leave out what is dearer than the second best so far; here all of it is wanted. */
  readonly secondPrice = Infinity;
  #count = 0;
  #prices: Float64Array = new Float64Array(64);
  #places: Int32Array = new Int32Array(64);

  clear(): void {
    this.#count = 0;
  }

  offer(price: number, place: Place): void {
    if (this.#count === this.#prices.length) this.#grow();
    this.#prices[this.#count] = price;
    this.#places[this.#count++] = place;
  }

  /** -1 when there is none left. */
  takeCheapest(): Place {
    if (this.#count === 0) return -1;
    let cheapest = 0;
    for (let index = 1; index < this.#count; index++) {
      if (this.#prices[index]! < this.#prices[cheapest]!) cheapest = index;
    }
    const place = this.#places[cheapest]!;
    this.#count--;
    this.#prices[cheapest] = this.#prices[this.#count]!;
    this.#places[cheapest] = this.#places[this.#count]!;
    return place;
  }

  #grow(): void {
    const prices = new Float64Array(2 * this.#prices.length);
    const places = new Int32Array(prices.length);
    prices.set(this.#prices);
    places.set(this.#places);
    this.#prices = prices;
    this.#places = places;
  }
}
