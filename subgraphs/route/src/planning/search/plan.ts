import { CandidateRoutes } from './candidate-routes.ts';
import {
  NO_RELOAD,
  RELOAD_AFTER,
  RELOAD_BEFORE,
  reloadOf,
  secondSlotOf,
  slotOf,
  type Place,
} from './place.ts';
import { dropUselessReloads } from './reloads.ts';
import { RouteMeter } from '../routes/route-times.ts';
import { PlannedVisits } from './planned-visits.ts';
import { RouteRows } from './route-rows.ts';
import { Tally } from './tally.ts';
import type { SearchSpace } from './search-space.ts';

/**
 * The plan that the search changes. Changes are tried in place: the routes that they touch are noted,
 * and `commit` or `rollBack` copies those rows only, so that a step costs what it changes and not
 * what the plan is large.
 */
export class Plan {
  readonly space: SearchSpace;
  readonly rows: RouteRows;
  /** By order: its route, or -1. */
  readonly routeOf: Int32Array;
  /** By visit that is planned: its slot. */
  readonly slotOf: Int32Array;
  readonly visits: PlannedVisits;
  /** The first `absentCount` are the orders without a route. */
  readonly absent: Int32Array;
  absentCount = 0;
  /** When it was committed last; these are the first ones until one of them is put in. */
  keptAbsentCount = 0;
  /**
   * By route: another number for each content it had, and the number of old when a change is undone.
   * Every empty route has 0.
   */
  readonly versions: Float64Array;
  readonly candidates: CandidateRoutes;

  readonly #meter: RouteMeter;
  readonly #kept: RouteRows;
  readonly #costs: Float64Array;
  readonly #keptCosts: Float64Array;
  readonly #keptVersions: Float64Array;
  readonly #keptAbsent: Int32Array;
  readonly #tally: Tally;
  readonly #keptTally: Tally;
  readonly #touched: Int32Array;
  #touchedCount = 0;
  readonly #isTouched: Uint8Array;
  #version = 0;
  /** Routes that have changed since `copyChanged`. */
  readonly #isChanged: Uint8Array;

  /** Begins with what the present plan has. */
  constructor(space: SearchSpace) {
    const { instance, vehicles } = space;
    const routeCount = vehicles.length;
    this.space = space;
    this.rows = new RouteRows(space);
    this.#tally = new Tally(space);
    this.#keptTally = new Tally(space);
    this.#meter = new RouteMeter(instance);
    this.#kept = new RouteRows(space);
    this.visits = new PlannedVisits(space);
    this.routeOf = this.visits.routeOf;
    this.slotOf = this.visits.slotOf;
    this.absent = new Int32Array(instance.orderCount);
    this.versions = new Float64Array(routeCount);
    this.candidates = new CandidateRoutes(space);
    this.#costs = new Float64Array(routeCount);
    this.#keptCosts = new Float64Array(routeCount);
    this.#keptVersions = new Float64Array(routeCount);
    this.#keptAbsent = new Int32Array(instance.orderCount);
    this.#touched = new Int32Array(routeCount);
    this.#isTouched = new Uint8Array(routeCount);
    this.#isChanged = new Uint8Array(routeCount).fill(1);
    this.restore(vehicles.map(({ presentVisits }) => presentVisits));
  }

  /** Another plan altogether, committed. */
  restore(routes: readonly ArrayLike<number>[]): void {
    const { instance, vehicles } = this.space;
    for (let order = 0; order < instance.orderCount; order++) this.visits.forget(order);
    for (let route = 0; route < vehicles.length; route++) {
      const visits = routes[route]!;
      this.#touch(route);
      this.rows.set(route, Array.from(visits));
      this.#costs[route] = NaN;
      this.#settle(route);
    }
    this.absentCount = 0;
    this.#tally.moves = 0;
    this.#tally.absent.fill(0);
    for (let order = 0; order < instance.orderCount; order++) {
      if (this.routeOf[order]! < 0) this.absent[this.absentCount++] = order;
      this.#tally.count(order, this.routeOf[order]!, 1);
    }
    this.commit();
  }

  /** Up to date after `change` and `commit`. */
  get tally(): Tally {
    return this.#tally;
  }

  /** What is not committed makes the plan so much dearer; Infinity when it is not feasible. */
  get change(): number {
    let cost = this.#keptTally.routeCost;
    for (let index = 0; index < this.#touchedCount; index++) {
      const route = this.#touched[index]!;
      cost += this.costOf(route) - this.#keptCosts[route]!;
    }
    this.#tally.routeCost = cost;
    return this.#tally.minus(this.#keptTally);
  }

  /** Infinity when the route is not feasible. */
  costOf(route: number): number {
    const known = this.#costs[route]!;
    if (known === known) return known;
    const cost = this.#routeCost(route);
    this.#costs[route] = cost;
    return cost;
  }

  /** True when only an exact walk tells the cost of this route. */
  isWalked(route: number): boolean {
    const { isWalked, isTimed } = this.space;
    return isWalked[route] === 1 || (isTimed[route] === 1 && this.rows.gaps[route]! > 0);
  }

  canRemove(visit: number): boolean {
    const { orderOf, isFixed } = this.space.instance;
    const order = orderOf[visit]!;
    const route = this.routeOf[order]!;
    if (route < 0 || isFixed[order] === 1) return false;
    const { firstVisit, secondVisit, vehicles } = this.space;
    const { frozenVisits } = vehicles[route]!;
    if (frozenVisits === 0) return true;
    const second = secondVisit[order]!;
    return (
      this.slotOf[firstVisit[order]!]! > frozenVisits &&
      (second < 0 || this.slotOf[second]! > frozenVisits)
    );
  }

  /** Takes out the first `count` of these orders. */
  remove(orders: Int32Array, count: number): void {
    for (let index = 0; index < count; index++) {
      const order = orders[index]!;
      const route = this.routeOf[order]!;
      this.#touch(route);
      this.#costs[route] = NaN;
      this.#tally.count(order, route, -1);
      this.#tally.count(order, -1, 1);
      this.visits.forget(order);
      this.absent[this.absentCount++] = order;
    }
    for (let index = 0; index < this.#touchedCount; index++) {
      const route = this.#touched[index]!;
      if (this.#costs[route] === this.#costs[route]) continue;
      this.#closeUp(route);
      this.rows.refresh(route);
      if (this.rows.reloads[route]! > 0) dropUselessReloads(this.rows, route);
      this.#settle(route);
    }
  }

  /** Puts an absent order in. */
  insert(order: number, route: number, place: Place): void {
    const { firstVisit, secondVisit, vehicles } = this.space;
    this.#touch(route);
    const second = secondVisit[order]!;
    const { reloadNode } = vehicles[route]!;
    const slot = slotOf(place);
    const reload = reloadOf(place);
    if (second < 0 && reload === NO_RELOAD) {
      this.rows.insertFitting(route, slot, firstVisit[order]!);
    } else {
      if (second >= 0) this.rows.insert(route, secondSlotOf(place), second);
      if (reload === RELOAD_AFTER) this.rows.insert(route, slot, reloadNode);
      this.rows.insert(route, slot, firstVisit[order]!);
      if (reload === RELOAD_BEFORE) this.rows.insert(route, slot, reloadNode);
      this.rows.refresh(route);
    }
    this.#tally.count(order, -1, -1);
    this.#tally.count(order, route, 1);
    this.#costs[route] = NaN;
    this.#settle(route, slot + 1);
    this.#dropAbsent(order);
  }

  commit(): void {
    this.#tally.routeCost = this.#keptTally.routeCost;
    for (let index = 0; index < this.#touchedCount; index++) {
      const route = this.#touched[index]!;
      this.#tally.routeCost += this.costOf(route) - this.#keptCosts[route]!;
      this.#kept.copyFrom(this.rows, route);
      this.#keptCosts[route] = this.#costs[route]!;
      this.#keptVersions[route] = this.versions[route]!;
      this.#isTouched[route] = 0;
      this.#isChanged[route] = 1;
    }
    this.#touchedCount = 0;
    this.#keptTally.copy(this.#tally);
    for (let index = 0; index < this.absentCount; index++) {
      this.#keptAbsent[index] = this.absent[index]!;
    }
    this.keptAbsentCount = this.absentCount;
  }

  /** Back to what was committed last. */
  rollBack(): void {
    for (let index = 0; index < this.#touchedCount; index++) {
      const route = this.#touched[index]!;
      this.rows.copyFrom(this.#kept, route);
      this.#costs[route] = this.#keptCosts[route]!;
      this.#isTouched[route] = 0;
      this.#settle(route);
      this.versions[route] = this.#keptVersions[route]!;
    }
    this.#touchedCount = 0;
    this.#tally.copy(this.#keptTally);
    this.absentCount = this.keptAbsentCount;
    for (let index = 0; index < this.absentCount; index++) {
      const order = this.#keptAbsent[index]!;
      this.absent[index] = order;
      this.visits.forget(order);
    }
  }

  /** Brings a copy of the committed routes up to date. */
  copyChanged(routes: Int32Array[]): void {
    for (let route = 0; route < routes.length; route++) {
      if (this.#isChanged[route] === 0) continue;
      this.#isChanged[route] = 0;
      const begin = route * this.#kept.stride + 1;
      routes[route] = this.#kept.nodes.slice(begin, begin + this.#kept.lengths[route]!);
    }
  }

  /** What it costs beside the route that an order is in it. */
  moveCost(order: number, route: number): number {
    const { presentVehicle, movePenalty } = this.space.instance;
    const present = presentVehicle[order]!;
    return present >= 0 && present !== route ? movePenalty : 0;
  }

  #touch(route: number): void {
    if (this.#isTouched[route] === 1) return;
    this.#isTouched[route] = 1;
    this.#touched[this.#touchedCount++] = route;
  }

  /** After the row has changed from this slot on. */
  #settle(route: number, firstSlot = 1): void {
    this.visits.note(this.rows, route, firstSlot);
    const length = this.rows.lengths[route]!;
    this.versions[route] = length > 0 ? ++this.#version : 0;
    this.candidates.setUsed(route, length > 0);
  }

  /** Takes the visits of absent orders out of a row. */
  #closeUp(route: number): void {
    const { visitCount, instance } = this.space;
    const { nodes, stride, lengths } = this.rows;
    const begin = route * stride;
    const end = begin + lengths[route]! + 1;
    let free = begin + 1;
    for (let at = begin + 1; at < end; at++) {
      const node = nodes[at]!;
      if (node < visitCount && this.routeOf[instance.orderOf[node]!]! < 0) continue;
      nodes[free++] = node;
    }
    lengths[route] = free - begin - 1;
  }

  #dropAbsent(order: number): void {
    const { absent } = this;
    let index = 0;
    while (absent[index] !== order) index++;
    absent[index] = absent[--this.absentCount]!;
  }

  #routeCost(route: number): number {
    const { rows, space } = this;
    const length = rows.lengths[route]!;
    if (length === 0) return 0;
    if (rows.isBroken[route] === 1) return Infinity;
    const vehicle = space.vehicles[route]!;
    if (space.isTimed[route] === 0 && space.isWalked[route] === 0) {
      return vehicle.fixedCost + rows.meters[route]! * vehicle.costPerMeter;
    }
    const begin = route * rows.stride + 1;
    return this.#meter.measure(vehicle, rows.nodes, begin, begin + length);
  }
}
