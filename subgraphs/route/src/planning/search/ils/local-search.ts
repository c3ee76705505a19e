import type { PenalisedRoutes } from './penalised-routes.ts';
import type { Proximity } from './proximity.ts';
import { EPSILON, RouteMoves } from './route-moves.ts';
import type { UndoLog } from './undo-log.ts';
import type { VisitQueue } from './visit-queue.ts';

/**
 * Makes moves that gain something until there are none left around the queued visits. Each move
 * makes two visits neighbours that are near each other (granular search, Toth and Vigo 2003): blocks
 * of one to three visits change places with none to two, also turned round, tails change routes, a part is turned round.
 */
export class LocalSearch {
  readonly #routes: PenalisedRoutes;
  readonly #near: Proximity;
  readonly #queue: VisitQueue;
  readonly #moves: RouteMoves;
  /** By visit: the state of the clock at which its moves were tried. */
  readonly #tried: Float64Array;

  constructor(routes: PenalisedRoutes, near: Proximity, log: UndoLog, queue: VisitQueue) {
    this.#routes = routes;
    this.#near = near;
    this.#queue = queue;
    this.#moves = new RouteMoves(routes, log, queue);
    this.#tried = new Float64Array(routes.position.length);
  }

  run(): void {
    // Moves that gain no more than rounding could take turns for ever.
    let movesLeft = MOST_MOVES_PER_VISIT * this.#routes.position.length;
    for (let visit = this.#queue.take(); visit >= 0; visit = this.#queue.take()) {
      if (movesLeft === 0 || this.#routes.position[visit]! < 0) continue;
      if (!this.#improve(visit)) continue;
      this.#queue.add(visit);
      movesLeft--;
    }
  }

  #improve(visit: number): boolean {
    const { width, before, after } = this.#near;
    const { position, routeOf, changed, clock } = this.#routes;
    const since = this.#tried[visit]!;
    const isNew = changed[routeOf[visit]!]! > since;
    this.#tried[visit] = clock;
    for (let at = visit * width; at < (visit + 1) * width; at++) {
      const previous = before[at]!;
      if (position[previous]! >= 0 && (isNew || changed[routeOf[previous]!]! > since)) {
        if (this.#join(previous, visit)) return true;
      }
      const next = after[at]!;
      if (position[next]! >= 0 && (isNew || changed[routeOf[next]!]! > since)) {
        if (this.#join(visit, next)) return true;
      }
    }
    return isNew && this.#open(visit);
  }

  /** An empty route for the visit and some that follow, or for all that follow. */
  #open(visit: number): boolean {
    const routes = this.#routes;
    const { position, routeOf, visits, empty, data } = routes;
    const route = routeOf[visit]!;
    if (visits[route]! < 2) return false;
    const from = position[visit]!;
    const left = routes.endOf(route) - from;
    for (let index = 0; index < empty.count; index++) {
      const other = empty.list[index]!;
      const to = routes.firstOf(other);
      for (let count = 1; count <= 3 && count <= left; count++) {
        const gain = this.#gainOfOpening(route, from, count, other);
        if (gain <= EPSILON) continue;
        if (this.#moves.exchange(route, from, count, 1, other, to, 0, gain)) return true;
      }
      if (data.tails[route] !== data.tails[other]) continue;
      const gain = this.#gainOfOpening(route, from, 0, other);
      if (gain > EPSILON && this.#moves.swapTails(other, to, route, from, gain)) return true;
    }
    return false;
  }

  /** At most what is gained when `count` visits (0: all) from an index on get a vehicle of their own. */
  #gainOfOpening(route: number, from: number, count: number, other: number): number {
    const { sequence, slack, data } = this.#routes;
    const { costs, size, space } = data;
    const { startNode, fixedCost } = space.vehicles[other]!;
    const cost = costs[route]!;
    const ownCost = costs[other]!;
    const before = sequence[from - 1]! * size;
    const first = sequence[from]!;
    const gain =
      slack[route]! + cost[before + first]! - ownCost[startNode * size + first]! - fixedCost;
    if (count === 0) return gain - cost[before + space.endNodes[route]!]!;
    const last = sequence[from + count - 1]! * size;
    const next = sequence[from + count]!;
    const legs = cost[last + next]! - cost[before + next]!;
    return gain + legs - ownCost[last + space.endNodes[other]!]!;
  }

  /**
   * Tries everything that makes `s` follow `p`. The letters: `ip` and `is` are their indexes, `np`
   * follows p and `ps` precedes s as yet; a block from `s` to `l` is followed by `q`.
   * What the legs gain is summed up on the way, so that few moves are ever priced.
   */
  #join(p: number, s: number): boolean {
    const routes = this.#routes;
    const { sequence } = routes;
    const { size, costs, tails } = routes.data;
    const moves = this.#moves;
    const ip = routes.position[p]!;
    const is = routes.position[s]!;
    if (is === ip + 1) return false;
    const rp = routes.routeOf[p]!;
    const rs = routes.routeOf[s]!;
    const costP = costs[rp]!;
    const costS = costs[rs]!;
    const np = sequence[ip + 1]!;
    const ps = sequence[is - 1]!;
    const p0 = p * size;
    const s0 = s * size;
    const ps0 = ps * size;
    const isSame = rp === rs;
    const isAlike = costP === costS;
    const slack = isSame ? routes.slack[rp]! : routes.slack[rp]! + routes.slack[rs]!;
    const spentP = costP[p0 + np]!;
    const spentS = costS[ps0 + s]!;
    if (costP[p0 + s]! >= (spentP > spentS ? spentP : spentS) + slack) return false;
    const gain = spentP + spentS - costP[p0 + s]! + slack;
    if (!isSame) {
      const tailGain = gain - costS[ps0 + np]!;
      if (tails[rp] === tails[rs] && tailGain > EPSILON) {
        if (moves.swapTails(rp, ip + 1, rs, is, tailGain)) return true;
      }
    } else if (ip < is) {
      const n = sequence[is + 1]!;
      const nGain = spentP + costP[s0 + n]! - costP[p0 + s]! - costP[np * size + n]! + slack;
      if (nGain > EPSILON && moves.turnRound(rp, ip + 1, is - ip)) return true;
      const q0 = sequence[ip - 1]! * size;
      const qGain = costP[q0 + p]! + spentS - costP[q0 + ps]! - costP[p0 + s]! + slack;
      if (qGain > EPSILON && moves.turnRound(rp, ip, is - ip)) return true;
    }
    const isBehind = isSame && ip < is;
    const isAhead = isSame && is < ip;
    const rowP = routes.firstOf(rp) - 1;
    const rowS = routes.firstOf(rs) - 1;
    const endP = routes.endOf(rp);
    const endS = routes.endOf(rs);

    // The block that begins with s comes behind p, that behind p in its place.
    const longest1 = Math.min(3, isAhead ? ip - is : endS - is);
    const longest2 = Math.min(2, isBehind ? is - ip - 2 : endP - ip - 1);
    let inner = 0;
    for (let n1 = 1; n1 <= longest1; n1++) {
      const l0 = sequence[is + n1 - 1]! * size;
      const q = sequence[is + n1]!;
      if (!isAlike && n1 > 1) {
        const arc = sequence[is + n1 - 2]! * size + sequence[is + n1 - 1]!;
        inner += costS[arc]! - costP[arc]!;
      }
      const gain1 = gain + inner + costS[l0 + q]!;
      const moved = gain1 - costP[l0 + np]! - costS[ps0 + q]!;
      if (moved > EPSILON && moves.exchange(rs, is, n1, 1, rp, ip + 1, 0, moved)) return true;
      const gain2 = gain1 - costS[ps0 + np]!;
      for (let n2 = 1; n2 <= longest2; n2++) {
        const last = sequence[ip + n2]!;
        const b = sequence[ip + n2 + 1]!;
        const arc = last * size + b;
        let swapped = gain2 + costP[arc]! - costP[l0 + b]! - costS[last * size + q]!;
        if (!isAlike && n2 > 1) swapped += costP[np * size + last]! - costS[np * size + last]!;
        if (swapped <= EPSILON) continue;
        if (moves.exchange(rs, is, n1, 1, rp, ip + 1, n2, swapped)) return true;
      }
    }

    // The block that ends with p comes before s, that before s in its place.
    const longest3 = Math.min(3, isAhead ? ip - is : ip - rowP);
    const longest4 = Math.min(2, isBehind ? is - ip - 2 : is - rowS - 1);
    inner = costP[p0 + s]! - costS[p0 + s]!;
    for (let n1 = 1; n1 <= longest3; n1++) {
      const f = sequence[ip - n1 + 1]!;
      const f0 = sequence[ip - n1]! * size;
      if (!isAlike && n1 > 1) {
        const arc = f * size + sequence[ip - n1 + 2]!;
        inner += costP[arc]! - costS[arc]!;
      }
      const gain1 = gain + inner + costP[f0 + f]!;
      const moved = gain1 - costS[ps0 + f]! - costP[f0 + np]!;
      if (moved > EPSILON && moves.exchange(rp, ip - n1 + 1, n1, 1, rs, is, 0, moved)) return true;
      const gain2 = gain1 - costP[ps0 + np]!;
      for (let n2 = 1; n2 <= longest4; n2++) {
        const b = sequence[is - n2]!;
        const b0 = sequence[is - n2 - 1]! * size;
        let swapped = gain2 + costS[b0 + b]! - costS[b0 + f]! - costP[f0 + b]!;
        if (!isAlike && n2 > 1) swapped += costS[b * size + ps]! - costP[b * size + ps]!;
        if (swapped <= EPSILON) continue;
        if (moves.exchange(rp, ip - n1 + 1, n1, 1, rs, is - n2, n2, swapped)) return true;
      }
    }
    return isAlike && this.#joinTurned(ip, is, slack);
  }

  /** The same with two or three visits that are turned round: those up to `s` behind `p`, or those from `p` on before `s`. */
  #joinTurned(ip: number, is: number, slack: number): boolean {
    const routes = this.#routes;
    const { sequence, routeOf } = routes;
    const { size, costs } = routes.data;
    const p = sequence[ip]!;
    const s = sequence[is]!;
    const rp = routeOf[p]!;
    const rs = routeOf[s]!;
    const cost = costs[rp]!;
    const isBehind = rp === rs && ip < is;
    const join = slack - cost[p * size + s]!;
    const np = sequence[ip + 1]!;
    const ns = sequence[is + 1]!;
    const gainS = join + cost[p * size + np]! + cost[s * size + ns]!;
    const most = Math.min(3, isBehind ? is - ip - 1 : is - routes.firstOf(rs) + 1);
    for (let count = 2; count <= most; count++) {
      const f = sequence[is - count + 1]!;
      const a0 = sequence[is - count]! * size;
      // What legs within the block cost the other way round shows when it is priced.
      const moved = gainS + cost[a0 + f]! - cost[f * size + np]! - cost[a0 + ns]!;
      if (moved <= EPSILON) continue;
      if (this.#moves.exchange(rs, is - count + 1, count, -1, rp, ip + 1, 0, moved)) return true;
    }
    const a0 = sequence[ip - 1]! * size;
    const ps0 = sequence[is - 1]! * size;
    const gainP = join + cost[a0 + p]! + cost[ps0 + s]!;
    const longest = Math.min(3, isBehind ? is - ip - 1 : routes.endOf(rp) - ip);
    for (let count = 2; count <= longest; count++) {
      const l = sequence[ip + count - 1]!;
      const q = sequence[ip + count]!;
      const moved = gainP + cost[l * size + q]! - cost[ps0 + l]! - cost[a0 + q]!;
      if (moved <= EPSILON) continue;
      if (this.#moves.exchange(rp, ip, count, -1, rs, is, 0, moved)) return true;
    }
    return false;
  }
}

const MOST_MOVES_PER_VISIT = 20;
