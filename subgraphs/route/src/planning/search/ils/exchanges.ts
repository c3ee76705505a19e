import type { Neighbours } from './neighbours.ts';
import type { PenalisedRoutes } from './penalised-routes.ts';

export type Touch = (route: number) => void;

const EPSILON = 1e-6;

/** Local search in the surroundings of visits that were moved. */
export class LocalSearch {
  readonly #routes: PenalisedRoutes;
  readonly #neighbours: Neighbours;
  readonly #queue: Int32Array;
  readonly #isQueued: Uint8Array;
  #head = 0;
  #queued = 0;
  readonly #touch: Touch;
  readonly #tested: Float64Array;
  readonly #scratch: Int32Array;
  moves = 0;
  tries = 0;
  priced = 0;

  constructor(routes: PenalisedRoutes, neighbours: Neighbours, touch: Touch) {
    this.#routes = routes;
    this.#neighbours = neighbours;
    this.#queue = new Int32Array(routes.instance.visitCount);
    this.#isQueued = new Uint8Array(routes.instance.visitCount);
    this.#touch = touch;
    this.#tested = new Float64Array(routes.instance.visitCount);
    this.#scratch = new Int32Array(routes.width * 2);
  }

  enqueue(visit: number): void {
    if (visit >= this.#isQueued.length || this.#isQueued[visit] === 1) return;
    this.#isQueued[visit] = 1;
    this.#queue[(this.#head + this.#queued) % this.#queue.length] = visit;
    this.#queued += 1;
  }

  run(): void {
    const { position } = this.#routes;
    while (this.#queued > 0) {
      const visit = this.#queue[this.#head]!;
      this.#head = (this.#head + 1) % this.#queue.length;
      this.#queued -= 1;
      this.#isQueued[visit] = 0;
      if (position[visit]! < 0) continue;
      if (this.#improve(visit)) this.enqueue(visit);
    }
  }

  #improve(visit: number): boolean {
    const { count, before, after } = this.#neighbours;
    const routes = this.#routes;
    const { position, routeOf } = routes;
    const route = routeOf[visit]!;
    const since = this.#tested[visit]!;
    const { changed } = routes;
    this.#tested[visit] = routes.clock;
    const all = changed[route]! > since;
    for (let rank = 0; rank < count; rank += 1) {
      const previous = before[visit * count + rank]!;
      if (
        position[previous]! >= 0 &&
        (all || changed[routeOf[previous]!]! > since) &&
        this.#tryArc(previous, visit)
      )
        return true;
      const next = after[visit * count + rank]!;
      if (
        position[next]! >= 0 &&
        (all || changed[routeOf[next]!]! > since) &&
        this.#tryArc(visit, next)
      )
        return true;
    }
    return this.#tryEmpty(visit, position[visit]!, routeOf[visit]!);
  }

  /** An empty route for one to three visits, or for all that follow. */
  #tryEmpty(visit: number, a: number, ra: number): boolean {
    const routes = this.#routes;
    if (routes.visits[ra]! < 2) return false;
    const rb = this.#emptyRoute();
    if (rb < 0) return false;
    const b = routes.rowStart(rb) + 1;
    const left = routes.rowStart(ra) + routes.visits[ra]! + 1 - a;
    for (let count = 1; count <= 3 && count <= left; count += 1) {
      if (this.#exchange(ra, a, count, 1, rb, b, 0)) return true;
    }
    return this.#swapTails(rb, b, ra, a);
  }

  #emptyRoute(): number {
    const { visits } = this.#routes;
    for (let route = 0; route < visits.length; route += 1) if (visits[route] === 0) return route;
    return -1;
  }

  /** Everything that makes `s` follow `p`. */
  #tryArc(p: number, s: number): boolean {
    const routes = this.#routes;
    const { position, routeOf, sequence, meters, nodeCount } = routes;
    const i = position[p]!;
    const j = position[s]!;
    if (j === i + 1) return false;
    const rp = routeOf[p]!;
    const rs = routeOf[s]!;
    const np = sequence[i + 1]!;
    const ps = sequence[j - 1]! * nodeCount;
    const arc = meters[p * nodeCount + s]!;
    const toP = meters[p * nodeCount + np]!;
    const toS = meters[ps + s]!;
    const slack = rp === rs ? routes.slack[rp]! : routes.slack[rp]! + routes.slack[rs]!;
    if (arc >= (toP > toS ? toP : toS) + slack) return false;
    const gain = toP + toS - arc + slack;
    if (rp !== rs) {
      if (gain > meters[ps + np]! + EPSILON && this.#swapTails(rp, i + 1, rs, j)) return true;
    } else if (j > i) {
      // Turning what is between them round makes both ends neighbours.
      if (this.#turn(rp, i + 1, j - i)) return true;
      if (this.#turn(rp, i, j - i)) return true;
    }
    const rowS = routes.rowStart(rs);
    const rowP = routes.rowStart(rp);
    const endS = rowS + routes.visits[rs]! + 1;
    const endP = rowP + routes.visits[rp]! + 1;
    const isSame = rp === rs;
    const most1 = isSame && j < i ? Math.min(3, i - j) : Math.min(3, endS - j);
    const most2 = isSame && i < j ? Math.min(2, j - i - 2) : Math.min(2, endP - i - 1);
    // The visits from `s` on to behind `p`, those behind `p` in their place.
    for (let n1 = 1; n1 <= most1; n1 += 1) {
      const la = sequence[j + n1 - 1]! * nodeCount;
      const qa = sequence[j + n1]!;
      const gain1 = gain + meters[la + qa]!;
      if (gain1 - meters[la + np]! - meters[ps + qa]! > EPSILON) {
        if (this.#exchange(rs, j, n1, 1, rp, i + 1, 0)) return true;
      }
      const gain2 = gain1 - meters[ps + np]!;
      for (let n2 = 1; n2 <= most2; n2 += 1) {
        const lb = sequence[i + n2]! * nodeCount;
        const qb = sequence[i + n2 + 1]!;
        if (gain2 + meters[lb + qb]! - meters[la + qb]! - meters[lb + qa]! <= EPSILON) continue;
        if (this.#exchange(rs, j, n1, 1, rp, i + 1, n2)) return true;
      }
    }
    // The visits up to `p` to before `s`, those before `s` in their place.
    const psNode = sequence[j - 1]!;
    const most3 = isSame && j < i ? Math.min(3, i - j) : Math.min(3, i - rowP);
    const most4 = isSame && i < j ? Math.min(2, j - i - 2) : Math.min(2, j - rowS - 1);
    for (let n1 = 1; n1 <= most3; n1 += 1) {
      const fa = sequence[i - n1 + 1]!;
      const pa = sequence[i - n1]! * nodeCount;
      const gain1 = gain + meters[pa + fa]!;
      if (gain1 - meters[ps + fa]! - meters[pa + np]! > EPSILON) {
        if (this.#exchange(rp, i - n1 + 1, n1, 1, rs, j, 0)) return true;
      }
      const gain2 = gain1 - meters[psNode * nodeCount + np]!;
      for (let n2 = 1; n2 <= most4; n2 += 1) {
        const fb = sequence[j - n2]!;
        const pb = sequence[j - n2 - 1]! * nodeCount;
        if (gain2 + meters[pb + fb]! - meters[pb + fa]! - meters[pa + fb]! <= EPSILON) continue;
        if (this.#exchange(rp, i - n1 + 1, n1, 1, rs, j - n2, n2)) return true;
      }
    }
    // Two or three turned round.
    const ns = sequence[j + 1]!;
    const gainS = toP - arc + slack + meters[s * nodeCount + ns]!;
    const most5 = isSame && i < j ? Math.min(3, j - i - 1) : Math.min(3, j - rowS);
    for (let n1 = 2; n1 <= most5; n1 += 1) {
      const fa = sequence[j - n1 + 1]!;
      const pa = sequence[j - n1]! * nodeCount;
      if (gainS + meters[pa + fa]! - meters[fa * nodeCount + np]! - meters[pa + ns]! <= EPSILON)
        continue;
      if (this.#exchange(rs, j - n1 + 1, n1, -1, rp, i + 1, 0)) return true;
    }
    const pp = sequence[i - 1]! * nodeCount;
    const gainP = toS - arc + slack + meters[pp + p]!;
    const most6 = isSame && i < j ? Math.min(3, j - i - 1) : Math.min(3, endP - i);
    for (let n1 = 2; n1 <= most6; n1 += 1) {
      const le = sequence[i + n1 - 1]!;
      const qe = sequence[i + n1]!;
      if (gainP + meters[le * nodeCount + qe]! - meters[ps + le]! - meters[pp + qe]! <= EPSILON)
        continue;
      if (this.#exchange(rp, i, n1, -1, rs, j, 0)) return true;
    }
    return false;
  }

  /** The visits from `a` on and those from `b` on change places. */
  #swapTails(ra: number, a: number, rb: number, b: number): boolean {
    const routes = this.#routes;
    const { sequence, meters, nodeCount, slack } = routes;
    const pa = sequence[a - 1]! * nodeCount;
    const pb = sequence[b - 1]! * nodeCount;
    const na = sequence[a]!;
    const nb = sequence[b]!;
    this.tries += 1;
    const gain = meters[pa + na]! + meters[pb + nb]! - meters[pa + nb]! - meters[pb + na]!;
    if (gain + slack[ra]! + slack[rb]! <= EPSILON) return false;
    routes.pieceCount = 0;
    this.priced += 1;
    const present = routes.cost[ra]! + routes.cost[rb]!;
    const first = routes.price(ra, a - 1, b);
    if (first >= present - EPSILON) return false;
    if (first + routes.price(rb, b - 1, a) >= present - EPSILON) return false;
    this.#touch(ra);
    this.#touch(rb);
    this.#enqueueAround(a - 1, 2);
    this.#enqueueAround(b - 1, 2);
    const lastA = routes.rowStart(ra) + routes.visits[ra]! + 1;
    const lastB = routes.rowStart(rb) + routes.visits[rb]! + 1;
    const tail = sequence.slice(a, lastA);
    sequence.copyWithin(a, b, lastB);
    sequence.set(tail, b);
    routes.visits[ra] = a + (lastB - b) - routes.rowStart(ra) - 1;
    routes.visits[rb] = b + (lastA - a) - routes.rowStart(rb) - 1;
    routes.rebuild(ra);
    routes.rebuild(rb);
    this.moves += 1;
    return true;
  }

  /** `count` visits from `a` on in the opposite order. */
  #turn(route: number, a: number, count: number): boolean {
    const routes = this.#routes;
    const { sequence, meters, nodeCount } = routes;
    const p = sequence[a - 1]!;
    const first = sequence[a]!;
    const last = sequence[a + count - 1]!;
    const n = sequence[a + count]!;
    this.tries += 1;
    const gain =
      meters[p * nodeCount + first]! +
      meters[last * nodeCount + n]! -
      meters[p * nodeCount + last]! -
      meters[first * nodeCount + n]!;
    if (gain + routes.slack[route]! <= EPSILON) return false;
    const { pieces } = routes;
    pieces[0] = a + count - 1;
    pieces[1] = -1;
    pieces[2] = count;
    routes.pieceCount = 1;
    this.priced += 1;
    if (routes.price(route, a - 1, a + count) >= routes.cost[route]! - EPSILON) return false;
    this.#touch(route);
    this.#enqueueAround(a - 1, 2);
    this.#enqueueAround(a + count - 1, 2);
    sequence.subarray(a, a + count).reverse();
    routes.rebuild(route);
    this.moves += 1;
    return true;
  }

  /** `na` visits from `a` on (turned round or not) and `nb` visits from `b` on change places if that is cheaper. */
  #exchange(
    ra: number,
    a: number,
    na: number,
    turn: number,
    rb: number,
    b: number,
    nb: number,
  ): boolean {
    const routes = this.#routes;
    const { sequence, pieces } = routes;
    this.tries += 1;
    if (ra === rb) {
      const isFirst = a < b;
      const from = isFirst ? a : b;
      const to = isFirst ? b + nb : a + na;
      const startA = turn > 0 ? a : a + na - 1;
      const k = isFirst ? 6 : 0;
      pieces[k] = startA;
      pieces[k + 1] = turn;
      pieces[k + 2] = na;
      pieces[6 - k] = b;
      pieces[7 - k] = 1;
      pieces[8 - k] = nb;
      const middle = isFirst ? a + na : b + nb;
      pieces[3] = middle;
      pieces[4] = 1;
      pieces[5] = (isFirst ? b : a) - middle;
      routes.pieceCount = 3;
      if (routes.price(ra, from - 1, to) >= routes.cost[ra]! - EPSILON) return false;
      this.#touch(ra);
      this.#enqueueAround(a - 1, na + 2);
      this.#enqueueAround(b - 1, nb + 2);
      const scratch = this.#scratch;
      let filled = 0;
      for (let piece = 0; piece < 9; piece += 3) {
        const start = pieces[piece]!;
        const step = pieces[piece + 1]!;
        const count = pieces[piece + 2]!;
        for (let n = 0; n < count; n += 1) {
          scratch[filled] = sequence[start + n * step]!;
          filled += 1;
        }
      }
      for (let n = 0; n < filled; n += 1) sequence[from + n] = scratch[n]!;
      routes.rebuild(ra);
      this.moves += 1;
      return true;
    }
    const present = routes.cost[ra]! + routes.cost[rb]!;
    pieces[0] = turn > 0 ? a : a + na - 1;
    pieces[1] = turn;
    pieces[2] = na;
    routes.pieceCount = 1;
    const priceB = routes.price(rb, b - 1, b + nb);
    if (priceB >= present - EPSILON) return false;
    pieces[0] = b;
    pieces[1] = 1;
    pieces[2] = nb;
    if (priceB + routes.price(ra, a - 1, a + na) >= present - EPSILON) return false;
    this.#touch(ra);
    this.#touch(rb);
    this.#enqueueAround(a - 1, na + 2);
    this.#enqueueAround(b - 1, nb + 2);
    const scratch = this.#scratch;
    for (let k = 0; k < na; k += 1) scratch[k] = sequence[turn > 0 ? a + k : a + na - 1 - k]!;
    for (let k = 0; k < nb; k += 1) scratch[na + k] = sequence[b + k]!;
    replace(routes, ra, a, na, scratch, na, nb);
    replace(routes, rb, b, nb, scratch, 0, na);
    routes.rebuild(ra);
    routes.rebuild(rb);
    this.moves += 1;
    return true;
  }

  #enqueueAround(from: number, count: number): void {
    const { sequence } = this.#routes;
    for (let index = from; index < from + count; index += 1) this.enqueue(sequence[index]!);
  }
}

/** In the row of `route`, `count` visits from `at` on give way to `others` of `list`. The figures are not rebuilt. */
function replace(
  routes: PenalisedRoutes,
  route: number,
  at: number,
  count: number,
  list: Int32Array,
  from: number,
  others: number,
): void {
  const { sequence, visits } = routes;
  const shift = others - count;
  const end = routes.rowStart(route) + visits[route]! + 2;
  if (shift > 0) for (let k = end - 1; k >= at + count; k -= 1) sequence[k + shift] = sequence[k]!;
  else if (shift < 0) for (let k = at + count; k < end; k += 1) sequence[k + shift] = sequence[k]!;
  for (let k = 0; k < others; k += 1) sequence[at + k] = list[from + k]!;
  visits[route] = visits[route]! + shift;
}
