import { EmptyRoutes } from './empty-routes.ts';
import { Overloads } from './overloads.ts';
import type { PenalisedSpace } from './penalised-space.ts';
import { RowFigures } from './row-figures.ts';
import { movesIn } from './row-limits.ts';
import { RowPrices, timeCost } from './row-prices.ts';

/**
 * Routes that may be late or overloaded at a price.
 *
 * Route r is a row of `sequence`: its start node, its visits, its end node. Time follows Vidal's
 * time warp: whoever is late is set back to the end of the window and pays for the seconds of it.
 * Each position carries the figures of the route up to it (`ahead`, `Overloads`) and from it on
 * (`behind`), so a route made of a beginning, a few pieces and an end is priced without walking it.
 */
export class PenalisedRoutes {
  readonly data: PenalisedSpace;
  readonly routeCount: number;
  readonly width: number;
  readonly sequence: Int32Array;
  /** By route: how many visits it has. */
  readonly visits: Int32Array;
  /** By visit: its place in `sequence`, or -1 while it is in no route. */
  readonly position: Int32Array;
  readonly routeOf: Int32Array;

  /** By route. */
  readonly cost: Float64Array;
  /** By route: what of its cost is no leg's, that is how much a change can gain beyond its legs. */
  readonly slack: Float64Array;
  /** By route: seconds of lateness, and more than it may take. */
  readonly warp: Float64Array;
  readonly overload: Float64Array;
  /** By route: orders that another vehicle serves in the present plan. */
  readonly moves: Int32Array;
  /** By route: when it changed last, in steps of `clock`. */
  readonly changed: Float64Array;
  clock = 0;
  totalCost = 0;
  lateRoutes = 0;
  overloadedRoutes = 0;
  readonly empty: EmptyRoutes;
  /** By position: what the leg to it costs. */
  readonly legTo: Float64Array;
  /** Of the tightest dimension (see `Overloads`). */
  readonly loadUpTo: Float64Array;
  readonly room: Float64Array;

  costPerWarp = 1;
  costPerOverload = 1;

  /** Pieces of a route to be, three figures each: from this index of `sequence`, step 1 or -1, how many. */
  readonly pieces = new Int32Array(9);
  pieceCount = 0;

  readonly #figures: RowFigures;
  readonly #prices: RowPrices;
  readonly #overloads: Overloads;
  /** By route: what its legs cost, and what it costs besides, lateness and overload aside. */
  readonly #legs: Float64Array;
  readonly #rest: Float64Array;
  readonly #isTimed: Uint8Array;

  constructor(data: PenalisedSpace) {
    const { vehicles, visitCount } = data.space;
    this.data = data;
    this.routeCount = vehicles.length;
    this.width = visitCount + 2;
    const size = (this.routeCount + 1) * this.width;
    this.sequence = new Int32Array(size);
    this.visits = new Int32Array(this.routeCount);
    this.position = new Int32Array(visitCount).fill(-1);
    this.routeOf = new Int32Array(visitCount).fill(-1);
    this.cost = new Float64Array(this.routeCount);
    this.slack = new Float64Array(this.routeCount);
    this.warp = new Float64Array(this.routeCount);
    this.overload = new Float64Array(this.routeCount);
    this.moves = new Int32Array(this.routeCount);
    this.changed = new Float64Array(this.routeCount);
    this.empty = new EmptyRoutes(vehicles);
    this.#figures = new RowFigures(data, this.sequence);
    this.legTo = this.#figures.legTo;
    this.#overloads = new Overloads(data, this.sequence);
    this.loadUpTo = this.#overloads.upTo;
    this.room = this.#overloads.room;
    this.#legs = new Float64Array(this.routeCount);
    this.#rest = new Float64Array(this.routeCount);
    this.#isTimed = data.space.isTimed;
    this.#prices = new RowPrices(this, this.#figures);
    for (let route = 0; route < this.routeCount; route++) this.rebuild(route);
  }

  get isFeasible(): boolean {
    return this.lateRoutes === 0 && this.overloadedRoutes === 0;
  }

  set(route: number, nodes: ArrayLike<number>): void {
    const first = this.firstOf(route);
    for (let index = 0; index < nodes.length; index++) this.sequence[first + index] = nodes[index]!;
    this.visits[route] = nodes.length;
    this.rebuild(route);
  }

  /** Index of its first visit, or of its end node when it is empty. */
  firstOf(route: number): number {
    return route * this.width + 1;
  }

  /** Index of its end node. */
  endOf(route: number): number {
    return route * this.width + this.visits[route]! + 1;
  }

  /** Whether nothing keeps these visits, or this place when there are none, where they are. */
  isLoose(route: number, from: number, count: number): boolean {
    const { instance, frozenSlots } = this.data.space;
    if (from < this.firstOf(route) + frozenSlots[route]!) return false;
    for (let index = from; index < from + count; index++) {
      if (instance.isFixed[instance.orderOf[this.sequence[index]!]!] === 1) return false;
    }
    return true;
  }

  /** Makes a visit that is in no route the one piece. */
  takeUp(visit: number): void {
    const spare = this.routeCount * this.width + 1;
    this.sequence[spare] = visit;
    this.#overloads.takeUp(spare);
    this.pieces[0] = spare;
    this.pieces[1] = 1;
    this.pieces[2] = 1;
    this.pieceCount = 1;
  }

  /** Of a route to be (see `RowPrices`). */
  price(route: number, before: number, after: number, afterRoute: number): number {
    return this.#prices.of(route, before, after, afterRoute);
  }

  /** Of the same row (see `Overloads`). */
  overloadOf(route: number, before: number, after: number, afterRoute: number): number {
    const { pieces, pieceCount } = this;
    return this.#overloads.of(route, before, pieces, pieceCount, after, this.endOf(afterRoute));
  }

  /** After the row has changed: brings all figures of the route up to date. */
  rebuild(route: number): void {
    const { startNode } = this.data.space.vehicles[route]!;
    this.clock++;
    this.changed[route] = this.clock;
    this.sequence[this.firstOf(route) - 1] = startNode;
    this.sequence[this.endOf(route)] = this.data.space.endNodes[route]!;
    for (let index = this.firstOf(route); index < this.endOf(route); index++) {
      this.position[this.sequence[index]!] = index;
      this.routeOf[this.sequence[index]!] = route;
    }
    this.#figures.rebuild(route, this.firstOf(route), this.endOf(route));
    this.#overloads.rebuild(route, this.firstOf(route), this.endOf(route));
    this.#takeFigures(route);
    this.empty.setUsed(route, this.visits[route]! > 0);
  }

  /** After a change of what lateness and overload cost. */
  reprice(): void {
    for (let route = 0; route < this.routeCount; route++) this.#account(route);
    this.totalCost = this.cost.reduce((sum, cost) => sum + cost, 0);
  }

  #takeFigures(route: number): void {
    const { warp, legs, waiting, busy } = this.#figures;
    const vehicle = this.data.space.vehicles[route]!;
    const end = this.endOf(route);
    let lateness = this.visits[route]! > 0 ? warp : 0;
    const isTimed = this.#isTimed[route] === 1;
    if (isTimed) lateness += Math.max(0, busy + waiting - vehicle.maxDurationSeconds);
    this.lateRoutes += (lateness > 0 ? 1 : 0) - (this.warp[route]! > 0 ? 1 : 0);
    this.warp[route] = lateness;
    this.pieceCount = 0;
    const overload = this.overloadOf(route, end - 1, end, route);
    this.overloadedRoutes += (overload > 0 ? 1 : 0) - (this.overload[route]! > 0 ? 1 : 0);
    this.overload[route] = overload;
    this.#legs[route] = legs;
    let rest = vehicle.fixedCost;
    if (isTimed) rest += timeCost(vehicle, busy + waiting, waiting);
    const { movePenalty } = this.data.space.instance;
    if (movePenalty > 0) {
      const moves = movesIn(this, route, end - 1, end, end);
      this.moves[route] = moves;
      rest += moves * movePenalty;
    }
    this.#rest[route] = rest;
    this.#account(route);
  }

  #account(route: number): void {
    const isUsed = this.visits[route]! > 0;
    let cost = 0;
    let slack = 0;
    if (isUsed) {
      slack = this.#rest[route]!;
      slack += this.warp[route]! * this.costPerWarp;
      slack += this.overload[route]! * this.costPerOverload;
      cost = this.#legs[route]! + slack;
      const { vehicles, endNodes } = this.data.space;
      const { fixedCost, startNode } = vehicles[route]!;
      // Only a short route can be emptied, which spares its last leg too.
      if (this.visits[route]! > LONGEST_EMPTIED) slack -= fixedCost;
      else slack += this.data.costs[route]![startNode * this.data.size + endNodes[route]!]!;
    }
    this.totalCost += cost - this.cost[route]!;
    this.cost[route] = cost;
    this.slack[route] = slack;
  }
}

/** More visits than that never leave a route at once, but for its whole tail. */
const LONGEST_EMPTIED = 3;
