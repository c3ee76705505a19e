import type { PenalisedRoutes } from './penalised-routes.ts';
import { EPSILON, type RouteMoves } from './route-moves.ts';

/**
 * Moves that make one visit follow another: blocks of one to three visits change places with none to
 * two, also turned round, tails change routes, a part is turned round. The letters: `p` is to be followed by `s`, `ip` and `is`
 * are their indexes, `np` follows p and `ps` precedes s as yet; a block from `f` to `l` is preceded by
 * `a` and followed by `q`.
 *
 * What the legs gain, and at least cost in overload, is summed up on the way, so that few moves are
 * ever priced.
 */
export class Joins {
  readonly #routes: PenalisedRoutes;
  readonly #moves: RouteMoves;

  constructor(routes: PenalisedRoutes, moves: RouteMoves) {
    this.#routes = routes;
    this.#moves = moves;
  }

  /** Makes the first move that gains something. */
  make(p: number, s: number): boolean {
    const { position, routeOf, legTo, data } = this.#routes;
    const { size, costs } = data;
    const ip = position[p]!;
    const is = position[s]!;
    if (is === ip + 1) return false;
    const rp = routeOf[p]!;
    const rs = routeOf[s]!;
    const spentP = legTo[ip + 1]!;
    const spentS = legTo[is]!;
    const spared = this.#slackOf(rp, rs) - costs[rp]![p * size + s]!;
    if ((spentP > spentS ? spentP : spentS) + spared <= 0) return false;
    const gain = spentP + spentS + spared;
    if (rp !== rs) {
      if (data.tails[rp] === data.tails[rs] && this.#joinTails(ip, is, gain)) return true;
    } else if (ip < is && this.#turnRound(ip, is, spared)) return true;
    if (this.#bringBehind(ip, is, gain) || this.#bringBefore(ip, is, gain)) return true;
    return costs[rp] === costs[rs] && this.#bringTurned(ip, is, spared);
  }

  /** At most what two routes, or one, can gain beside legs. */
  #slackOf(rp: number, rs: number): number {
    const { slack, overload, costPerOverload, data } = this.#routes;
    if (rp !== rs) return slack[rp]! + slack[rs]!;
    return data.goesBothWays ? slack[rp]! : slack[rp]! - overload[rp]! * costPerOverload;
  }

  #joinTails(ip: number, is: number, gain: number): boolean {
    const routes = this.#routes;
    const { sequence, loadUpTo, room, costPerOverload } = routes;
    const { size, costs } = routes.data;
    const rp = routes.routeOf[sequence[ip]!]!;
    const rs = routes.routeOf[sequence[is]!]!;
    const bound = gain - costs[rs]![sequence[is - 1]! * size + sequence[ip + 1]!]!;
    if (bound <= EPSILON) return false;
    const tailS = loadUpTo[routes.endOf(rs)]! - loadUpTo[is - 1]!;
    const load = tailS - (loadUpTo[routes.endOf(rp)]! - loadUpTo[ip]!);
    if (bound - excess(load, room[rp]!, room[rs]!) * costPerOverload <= EPSILON) return false;
    return this.#moves.swapTails(rp, ip + 1, rs, is);
  }

  /** The part from behind `p` to `s`, or from `p` to before `s`. */
  #turnRound(ip: number, is: number, spared: number): boolean {
    const { sequence, legTo, routeOf, data } = this.#routes;
    const { size, costs } = data;
    const p = sequence[ip]!;
    const route = routeOf[p]!;
    const cost = costs[route]!;
    const behind =
      spared +
      legTo[ip + 1]! +
      legTo[is + 1]! -
      cost[sequence[ip + 1]! * size + sequence[is + 1]!]!;
    if (behind > EPSILON && this.#moves.turnRound(route, ip + 1, is - ip)) return true;
    const before =
      spared + legTo[ip]! + legTo[is]! - cost[sequence[ip - 1]! * size + sequence[is - 1]!]!;
    return before > EPSILON && this.#moves.turnRound(route, ip, is - ip);
  }

  /** The block that begins with s comes behind p, none to two visits behind p in its place. */
  #bringBehind(ip: number, is: number, gain: number): boolean {
    const routes = this.#routes;
    const { sequence, legTo, loadUpTo, room } = routes;
    const { size, costs } = routes.data;
    const np = sequence[ip + 1]!;
    const ps0 = sequence[is - 1]! * size;
    const rp = routes.routeOf[sequence[ip]!]!;
    const rs = routes.routeOf[sequence[is]!]!;
    const costP = costs[rp]!;
    const costS = costs[rs]!;
    const isAlike = costP === costS;
    const roomP = room[rp]!;
    const roomS = room[rs]!;
    const perOverload = rp === rs ? 0 : routes.costPerOverload;
    const longest = Math.min(LONGEST, rp === rs && is < ip ? ip - is : routes.endOf(rs) - is);
    const most = Math.min(2, rp === rs && ip < is ? is - ip - 2 : routes.endOf(rp) - ip - 1);
    const back = costS[ps0 + np]!;
    let inner = gain;
    for (let n = 1; n <= longest; n++) {
      const l0 = sequence[is + n - 1]! * size;
      const q = sequence[is + n]!;
      if (!isAlike && n > 1) {
        inner += legTo[is + n - 1]! - costP[sequence[is + n - 2]! * size + sequence[is + n - 1]!]!;
      }
      const left = inner + legTo[is + n]!;
      const load = loadUpTo[is + n - 1]! - loadUpTo[is - 1]!;
      const bound = left - excess(load, roomP, roomS) * perOverload;
      if (bound > EPSILON && bound - costP[l0 + np]! - costS[ps0 + q]! > EPSILON) {
        if (this.#moves.exchange(rs, is, n, 1, rp, ip + 1, 0)) return true;
      }
      for (let m = 1; m <= most; m++) {
        const change = load + loadUpTo[ip]! - loadUpTo[ip + m]!;
        let swapped = left - back + legTo[ip + m + 1]! - excess(change, roomP, roomS) * perOverload;
        if (swapped <= EPSILON) continue;
        const last0 = sequence[ip + m]! * size;
        swapped -= costP[l0 + sequence[ip + m + 1]!]! + costS[last0 + q]!;
        if (!isAlike && m > 1) swapped += legTo[ip + m]! - costS[np * size + sequence[ip + m]!]!;
        if (swapped <= EPSILON) continue;
        if (this.#moves.exchange(rs, is, n, 1, rp, ip + 1, m)) return true;
      }
    }
    return false;
  }

  /** The block that ends with p comes before s, none to two visits before s in its place. */
  #bringBefore(ip: number, is: number, gain: number): boolean {
    const routes = this.#routes;
    const { sequence, legTo, loadUpTo, room } = routes;
    const { size, costs } = routes.data;
    const np = sequence[ip + 1]!;
    const ps0 = sequence[is - 1]! * size;
    const rp = routes.routeOf[sequence[ip]!]!;
    const rs = routes.routeOf[sequence[is]!]!;
    const costP = costs[rp]!;
    const costS = costs[rs]!;
    const isAlike = costP === costS;
    const roomP = room[rp]!;
    const roomS = room[rs]!;
    const perOverload = rp === rs ? 0 : routes.costPerOverload;
    const longest = Math.min(LONGEST, rp === rs && is < ip ? ip - is : ip + 1 - routes.firstOf(rp));
    const most = Math.min(2, rp === rs && ip < is ? is - ip - 2 : is - routes.firstOf(rs));
    const back = costP[ps0 + np]!;
    let inner = gain;
    if (!isAlike) {
      const arc = sequence[ip]! * size + sequence[is]!;
      inner += costP[arc]! - costS[arc]!;
    }
    for (let n = 1; n <= longest; n++) {
      const f = sequence[ip - n + 1]!;
      const a0 = sequence[ip - n]! * size;
      if (!isAlike && n > 1) {
        inner += legTo[ip - n + 2]! - costS[f * size + sequence[ip - n + 2]!]!;
      }
      const left = inner + legTo[ip - n + 1]!;
      const load = loadUpTo[ip]! - loadUpTo[ip - n]!;
      const bound = left - excess(load, roomS, roomP) * perOverload;
      if (bound > EPSILON && bound - costS[ps0 + f]! - costP[a0 + np]! > EPSILON) {
        if (this.#moves.exchange(rp, ip - n + 1, n, 1, rs, is, 0)) return true;
      }
      for (let m = 1; m <= most; m++) {
        const change = load + loadUpTo[is - m - 1]! - loadUpTo[is - 1]!;
        let swapped = left - back + legTo[is - m]! - excess(change, roomS, roomP) * perOverload;
        if (swapped <= EPSILON) continue;
        const b = sequence[is - m]!;
        swapped -= costS[sequence[is - m - 1]! * size + f]! + costP[a0 + b]!;
        if (!isAlike && m > 1) swapped += legTo[is - 1]! - costP[b * size + sequence[is - 1]!]!;
        if (swapped <= EPSILON) continue;
        if (this.#moves.exchange(rp, ip - n + 1, n, 1, rs, is - m, m)) return true;
      }
    }
    return false;
  }

  /** Two or three visits turned round: those up to `s` behind `p`, or those from `p` on before `s`. */
  #bringTurned(ip: number, is: number, spared: number): boolean {
    const routes = this.#routes;
    const { sequence, legTo, loadUpTo, room } = routes;
    const { size, costs } = routes.data;
    const rp = routes.routeOf[sequence[ip]!]!;
    const rs = routes.routeOf[sequence[is]!]!;
    const cost = costs[rp]!;
    const isBehind = rp === rs && ip < is;
    const perOverload = rp === rs ? 0 : routes.costPerOverload;
    // What legs within the block cost the other way round shows when it is priced.
    const np = sequence[ip + 1]!;
    const ns = sequence[is + 1]!;
    const gainS = spared + legTo[ip + 1]! + legTo[is + 1]!;
    const longestS = Math.min(LONGEST, isBehind ? is - ip - 1 : is - routes.firstOf(rs) + 1);
    for (let n = 2; n <= longestS; n++) {
      const load = loadUpTo[is]! - loadUpTo[is - n]!;
      const over = excess(load, room[rp]!, room[rs]!) * perOverload;
      const bound = gainS + legTo[is - n + 1]! - over;
      if (bound <= EPSILON) continue;
      const legs = cost[sequence[is - n + 1]! * size + np]! + cost[sequence[is - n]! * size + ns]!;
      if (bound - legs <= EPSILON) continue;
      if (this.#moves.exchange(rs, is - n + 1, n, -1, rp, ip + 1, 0)) return true;
    }
    const a0 = sequence[ip - 1]! * size;
    const ps0 = sequence[is - 1]! * size;
    const gainP = spared + legTo[ip]! + legTo[is]!;
    const longestP = Math.min(LONGEST, isBehind ? is - ip - 1 : routes.endOf(rp) - ip);
    for (let n = 2; n <= longestP; n++) {
      const load = loadUpTo[ip + n - 1]! - loadUpTo[ip - 1]!;
      const over = excess(load, room[rs]!, room[rp]!) * perOverload;
      const bound = gainP + legTo[ip + n]! - over;
      if (bound <= EPSILON) continue;
      const legs = cost[ps0 + sequence[ip + n - 1]!]! + cost[a0 + sequence[ip + n]!]!;
      if (bound - legs <= EPSILON) continue;
      if (this.#moves.exchange(rp, ip, n, -1, rs, is, 0)) return true;
    }
    return false;
  }
}

/** Visits in a block. */
const LONGEST = 3;

/** More than there is room for, when so much load goes to one route from another. */
function excess(load: number, roomTo: number, roomFrom: number): number {
  const over = load > roomTo ? load - roomTo : 0;
  return -load > roomFrom ? over - load - roomFrom : over;
}
