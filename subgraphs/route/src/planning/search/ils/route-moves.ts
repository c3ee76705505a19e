import type { PenalisedRoutes } from './penalised-routes.ts';
import { RowCopy } from './row-copy.ts';
import type { UndoLog } from './undo-log.ts';
import type { VisitQueue } from './visit-queue.ts';

/**
 * Changes of one or two routes. Each is priced, and made only when the routes get cheaper by it;
 * the visits beside the seams are put into the queue.
 */
export class RouteMoves {
  readonly #routes: PenalisedRoutes;
  readonly #log: UndoLog;
  readonly #queue: VisitQueue;
  readonly #scratch: Int32Array;
  readonly #before: readonly [RowCopy, RowCopy];

  constructor(routes: PenalisedRoutes, log: UndoLog, queue: VisitQueue) {
    this.#routes = routes;
    this.#log = log;
    this.#queue = queue;
    this.#scratch = new Int32Array(routes.width);
    this.#before = [new RowCopy(routes), new RowCopy(routes)];
  }

  /**
   * `na` visits from `a` on (turned round when `turn` is -1) and `nb` visits from `b` on change places.
   */
  exchange(
    ra: number,
    a: number,
    na: number,
    turn: number,
    rb: number,
    b: number,
    nb: number,
  ): boolean {
    if (ra === rb) return this.#exchangeWithin(ra, a, na, turn, b, nb);
    const routes = this.#routes;
    const { sequence, pieces } = routes;
    const { hasSkills, hasHeld } = routes.data;
    if (hasHeld && !(routes.isLoose(ra, a, na) && routes.isLoose(rb, b, nb))) return false;
    if (hasSkills && !(this.#canServe(rb, a, na) && this.#canServe(ra, b, nb))) return false;
    pieces[0] = b;
    pieces[1] = 1;
    pieces[2] = nb;
    routes.pieceCount = 1;
    const limit = routes.cost[ra]! + routes.cost[rb]! - EPSILON;
    const priceA = routes.price(ra, a - 1, a + na, ra);
    if (priceA >= limit) return false;
    pieces[0] = turn > 0 ? a : a + na - 1;
    pieces[1] = turn;
    pieces[2] = na;
    if (priceA + routes.price(rb, b - 1, b + nb, rb) >= limit) return false;
    this.#begin(ra, rb);
    this.#queueAround(a, na);
    this.#queueAround(b, nb);
    const scratch = this.#scratch;
    for (let k = 0; k < na; k++) scratch[k] = sequence[turn > 0 ? a + k : a + na - 1 - k]!;
    for (let k = 0; k < nb; k++) scratch[na + k] = sequence[b + k]!;
    this.#replace(ra, a, na, na, nb);
    this.#replace(rb, b, nb, 0, na);
    return this.#end(ra, rb, limit);
  }

  /** The visits from `a` to the end of its route and those from `b` on change places. */
  swapTails(ra: number, a: number, rb: number, b: number): boolean {
    const routes = this.#routes;
    const { sequence, visits } = routes;
    const endA = routes.endOf(ra);
    const endB = routes.endOf(rb);
    if (routes.data.hasHeld) {
      if (!(routes.isLoose(ra, a, endA - a) && routes.isLoose(rb, b, endB - b))) return false;
    }
    routes.pieceCount = 0;
    const limit = routes.cost[ra]! + routes.cost[rb]! - EPSILON;
    const priceA = routes.price(ra, a - 1, b, rb);
    if (priceA >= limit) return false;
    if (priceA + routes.price(rb, b - 1, a, ra) >= limit) return false;
    if (
      routes.data.hasSkills &&
      !(this.#canServe(rb, a, endA - a) && this.#canServe(ra, b, endB - b))
    ) {
      return false;
    }
    this.#begin(ra, rb);
    this.#queueAround(a, 0);
    this.#queueAround(b, 0);
    const scratch = this.#scratch;
    for (let k = a; k < endA; k++) scratch[k - a] = sequence[k]!;
    for (let k = b; k < endB; k++) sequence[a + k - b] = sequence[k]!;
    for (let k = a; k < endA; k++) sequence[b + k - a] = scratch[k - a]!;
    const change = endB - b - (endA - a);
    visits[ra] = visits[ra]! + change;
    visits[rb] = visits[rb]! - change;
    return this.#end(ra, rb, limit);
  }

  /** `count` visits from `a` on in the opposite order. */
  turnRound(route: number, a: number, count: number): boolean {
    const routes = this.#routes;
    const { sequence, pieces } = routes;
    if (routes.data.hasHeld && !routes.isLoose(route, a, count)) return false;
    pieces[0] = a + count - 1;
    pieces[1] = -1;
    pieces[2] = count;
    routes.pieceCount = 1;
    const limit = routes.cost[route]! - EPSILON;
    if (routes.price(route, a - 1, a + count, route) >= limit) return false;
    this.#begin(route, route);
    this.#queueAround(a, 0);
    this.#queueAround(a + count, 0);
    sequence.subarray(a, a + count).reverse();
    return this.#end(route, route, limit);
  }

  #exchangeWithin(route: number, a: number, na: number, turn: number, b: number, nb: number) {
    const routes = this.#routes;
    const { sequence, pieces } = routes;
    if (routes.data.hasHeld && !(routes.isLoose(route, a, na) && routes.isLoose(route, b, nb))) {
      return false;
    }
    const isFirst = a < b;
    const from = isFirst ? a : b;
    const to = isFirst ? b + nb : a + na;
    const middle = isFirst ? a + na : b + nb;
    const own = isFirst ? 6 : 0;
    pieces[own] = turn > 0 ? a : a + na - 1;
    pieces[own + 1] = turn;
    pieces[own + 2] = na;
    pieces[6 - own] = b;
    pieces[7 - own] = 1;
    pieces[8 - own] = nb;
    pieces[3] = middle;
    pieces[4] = 1;
    pieces[5] = (isFirst ? b : a) - middle;
    routes.pieceCount = 3;
    const limit = routes.cost[route]! - EPSILON;
    if (routes.price(route, from - 1, to, route) >= limit) return false;
    this.#begin(route, route);
    this.#queueAround(a, na);
    this.#queueAround(b, nb);
    const scratch = this.#scratch;
    let filled = 0;
    for (let piece = 0; piece < 9; piece += 3) {
      let index = pieces[piece]!;
      for (let left = pieces[piece + 2]!; left > 0; left--) {
        scratch[filled++] = sequence[index]!;
        index += pieces[piece + 1]!;
      }
    }
    for (let k = 0; k < filled; k++) sequence[from + k] = scratch[k]!;
    return this.#end(route, route, limit);
  }

  /** Before the rows change. */
  #begin(ra: number, rb: number): void {
    this.#log.touch(ra);
    if (rb !== ra) this.#log.touch(rb);
    if (!this.#routes.data.hasSeveralWindows) return;
    this.#before[0].copy(ra);
    this.#before[1].copy(rb);
  }

  /**
   * After the rows have changed. Where visits have several windows, a part is priced with those that
   * it keeps now, and the move is taken back when those that it keeps then make it no gain.
   */
  #end(ra: number, rb: number, limit: number): boolean {
    const routes = this.#routes;
    routes.rebuild(ra);
    if (rb !== ra) routes.rebuild(rb);
    if (!routes.data.hasSeveralWindows) return true;
    const cost = routes.cost[ra]! + (rb === ra ? 0 : routes.cost[rb]!);
    if (cost < limit) return true;
    this.#before[0].putBack(ra);
    if (rb !== ra) this.#before[1].putBack(rb);
    return false;
  }

  #canServe(route: number, from: number, count: number): boolean {
    const { instance, vehicles } = this.#routes.data.space;
    const { isCapable } = vehicles[route]!;
    for (let index = from; index < from + count; index++) {
      if (isCapable[instance.orderOf[this.#routes.sequence[index]!]!] === 0) return false;
    }
    return true;
  }

  #queueAround(from: number, count: number): void {
    for (let index = from - 1; index <= from + count; index++) {
      this.#queue.add(this.#routes.sequence[index]!);
    }
  }

  /** In the row of a route, `count` visits from `at` on give way to `others` of the scratch. Figures are not rebuilt. */
  #replace(route: number, at: number, count: number, scratchFrom: number, others: number): void {
    const { sequence, visits } = this.#routes;
    const shift = others - count;
    const end = this.#routes.endOf(route);
    if (shift > 0) for (let k = end; k >= at + count; k--) sequence[k + shift] = sequence[k]!;
    else if (shift < 0) for (let k = at + count; k <= end; k++) sequence[k + shift] = sequence[k]!;
    for (let k = 0; k < others; k++) sequence[at + k] = this.#scratch[scratchFrom + k]!;
    visits[route] = visits[route]! + shift;
  }
}

/** Less is rounding. */
export const EPSILON = 1e-6;
