import type { PenalisedRoutes } from './penalised-routes.ts';
import { Joins } from './joins.ts';
import type { Proximity } from './proximity.ts';
import { EPSILON, RouteMoves } from './route-moves.ts';
import type { UndoLog } from './undo-log.ts';
import type { VisitQueue } from './visit-queue.ts';

/**
 * Makes moves that gain something until there are none left around the queued visits. Each move
 * makes two visits neighbours that are near each other (granular search, Toth and Vigo 2003; see
 * `Joins`) or opens an empty vehicle.
 */
export class LocalSearch {
  readonly #routes: PenalisedRoutes;
  readonly #near: Proximity;
  readonly #queue: VisitQueue;
  readonly #moves: RouteMoves;
  readonly #joins: Joins;
  /** By visit: the state of the clock at which its moves were tried. */
  readonly #tried: Float64Array;

  constructor(routes: PenalisedRoutes, near: Proximity, log: UndoLog, queue: VisitQueue) {
    this.#routes = routes;
    this.#near = near;
    this.#queue = queue;
    this.#moves = new RouteMoves(routes, log, queue);
    this.#joins = new Joins(routes, this.#moves);
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
        if (this.#joins.make(previous, visit)) return true;
      }
      const next = after[at]!;
      if (position[next]! >= 0 && (isNew || changed[routeOf[next]!]! > since)) {
        if (this.#joins.make(visit, next)) return true;
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
        if (this.#moves.exchange(route, from, count, 1, other, to, 0)) return true;
      }
      if (data.tails[route] !== data.tails[other]) continue;
      const gain = this.#gainOfOpening(route, from, 0, other);
      if (gain > EPSILON && this.#moves.swapTails(other, to, route, from)) return true;
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
}

const MOST_MOVES_PER_VISIT = 20;
