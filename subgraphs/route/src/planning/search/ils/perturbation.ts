import type { Random } from '../../random.ts';
import type { AbsentVisits } from './absent-visits.ts';
import type { PenalisedRoutes } from './penalised-routes.ts';
import type { Proximity } from './proximity.ts';
import { EPSILON } from './route-moves.ts';
import type { UndoLog } from './undo-log.ts';
import type { VisitQueue } from './visit-queue.ts';

export type PerturbationParts = {
  readonly routes: PenalisedRoutes;
  /** Among which strings are taken out together, and beside which visits are put in again. */
  readonly around: Proximity;
  readonly absent: AbsentVisits;
  readonly log: UndoLog;
  readonly queue: VisitQueue;
  readonly random: Random;
};

/**
 * Takes strings of visits that lie near each other out of their routes, and puts them in again in
 * random order, each where it is cheapest next to its neighbours, late or overloaded if need be. Some
 * that are absent are tried with them, and what is cheaper left out stays out.
 */
export class Perturbation {
  readonly #parts: PerturbationParts;
  readonly #removed: Int32Array;
  #removedCount = 0;
  readonly #visitCount: number;
  /** By route: the last run that took something out of it. */
  readonly #hitIn: Float64Array;
  #run = 0;
  #nextAbsent = 0;
  /** Of the visit that is put in (see `PenalisedRoutes.loadUpTo`). */
  #load = 0;
  #bestPrice = Infinity;
  #bestRoute = -1;
  #bestIndex = -1;

  constructor(parts: PerturbationParts) {
    this.#parts = parts;
    this.#visitCount = parts.routes.position.length;
    this.#removed = new Int32Array(MOST_REMOVED + TRIED_AGAIN);
    this.#hitIn = new Float64Array(parts.routes.routeCount);
  }

  /** False when a visit found no place that keeps the limits that have no price. */
  run(): boolean {
    const { absent } = this.#parts;
    this.#remove();
    this.#addAbsent();
    this.#shuffle();
    for (let index = 0; index < this.#removedCount; index++) {
      const visit = this.#removed[index]!;
      const wasAbsent = absent.has(visit);
      if (this.#insert(visit, wasAbsent)) {
        if (wasAbsent) absent.remove(visit);
      } else if (!wasAbsent) {
        if (absent.priceOf(visit) === Infinity) return false;
        absent.add(visit);
      }
    }
    return true;
  }

  #remove(): void {
    const { routes, around, random } = this.#parts;
    const { position, routeOf } = routes;
    const wanted = 1 + Math.floor(random() * MOST_REMOVED);
    const seed = Math.floor(random() * this.#visitCount);
    this.#run++;
    this.#removedCount = 0;
    if (position[seed]! >= 0) this.#removeString(seed, wanted);
    for (let rank = 0; rank < around.width && this.#removedCount < wanted; rank++) {
      const list = rank % 2 === 0 ? around.before : around.after;
      const visit = list[seed * around.width + rank]!;
      if (position[visit]! < 0 || this.#hitIn[routeOf[visit]!] === this.#run) continue;
      this.#removeString(visit, wanted - this.#removedCount);
    }
  }

  /** Some of those that have been absent for longer, in turn. */
  #addAbsent(): void {
    const { list, count } = this.#parts.absent;
    const tries = Math.min(count, TRIED_AGAIN);
    for (let index = 0; index < tries; index++) {
      this.#removed[this.#removedCount++] = list[this.#nextAbsent++ % count]!;
    }
  }

  /** Up to `most` visits in a row, the given one among them. */
  #removeString(visit: number, most: number): void {
    const { routes, log, queue, random } = this.#parts;
    const { sequence, position, visits } = routes;
    const route = routes.routeOf[visit]!;
    const present = visits[route]!;
    const wanted = 1 + Math.floor(random() * Math.min(LONGEST_STRING, most));
    const length = Math.min(wanted, present);
    const first = routes.firstOf(route);
    const lowest = Math.max(first, position[visit]! - length + 1);
    const highest = Math.min(position[visit]!, first + present - length);
    const from = lowest + Math.floor(random() * (highest - lowest + 1));
    this.#hitIn[route] = this.#run;
    if (routes.data.hasHeld && !routes.isLoose(route, from, length)) return;
    log.touch(route);
    queue.add(sequence[from - 1]!);
    queue.add(sequence[from + length]!);
    for (let index = from; index < from + length; index++) {
      position[sequence[index]!] = -1;
      this.#removed[this.#removedCount++] = sequence[index]!;
    }
    const end = routes.endOf(route);
    for (let index = from; index + length <= end; index++) {
      sequence[index] = sequence[index + length]!;
    }
    visits[route] = present - length;
    routes.rebuild(route);
  }

  #shuffle(): void {
    const list = this.#removed;
    for (let index = this.#removedCount - 1; index > 0; index--) {
      const other = Math.floor(this.#parts.random() * (index + 1));
      const visit = list[index]!;
      list[index] = list[other]!;
      list[other] = visit;
    }
  }

  #insert(visit: number, wasAbsent: boolean): boolean {
    const { routes, around, absent, log, queue } = this.#parts;
    const { sequence, position, routeOf, visits } = routes;
    routes.takeUp(visit);
    this.#load = routes.loadUpTo[routes.pieces[0]!]!;
    this.#bestPrice = absent.priceOf(visit);
    this.#bestRoute = -1;
    for (let at = visit * around.width; at < (visit + 1) * around.width; at++) {
      const previous = around.before[at]!;
      if (position[previous]! >= 0)
        this.#consider(visit, routeOf[previous]!, position[previous]! + 1);
      const next = around.after[at]!;
      if (position[next]! >= 0) this.#consider(visit, routeOf[next]!, position[next]!);
    }
    for (let index = 0; index < routes.empty.count; index++) {
      const route = routes.empty.list[index]!;
      this.#consider(visit, route, routes.firstOf(route));
    }
    if (this.#bestRoute < 0 && !wasAbsent) this.#considerAll(visit);
    const route = this.#bestRoute;
    if (route < 0) return false;
    log.touch(route);
    for (let index = routes.endOf(route); index >= this.#bestIndex; index--) {
      sequence[index + 1] = sequence[index]!;
    }
    sequence[this.#bestIndex] = visit;
    visits[route] = visits[route]! + 1;
    routes.rebuild(route);
    queue.add(sequence[this.#bestIndex - 1]!);
    queue.add(visit);
    queue.add(sequence[this.#bestIndex + 1]!);
    return true;
  }

  #considerAll(visit: number): void {
    const { routes } = this.#parts;
    for (let route = 0; route < routes.routeCount; route++) {
      const end = routes.endOf(route);
      for (let index = routes.firstOf(route); index <= end; index++) {
        this.#consider(visit, route, index, 0);
      }
    }
  }

  /** The place before this index; now and then one is overlooked. */
  #consider(visit: number, route: number, index: number, blink = BLINK_SHARE): void {
    const { routes, random } = this.#parts;
    const { costs, size, space, hasSkills, hasHeld } = routes.data;
    const cost = costs[route]!;
    const before = routes.sequence[index - 1]! * size;
    const next = routes.sequence[index]!;
    let detour = cost[before + visit]! + cost[visit * size + next]!;
    if (routes.visits[route]! > 0) detour -= routes.legTo[index]!;
    const over = this.#load - routes.room[route]!;
    if (over > 0) detour += over * routes.costPerOverload;
    if (detour - routes.slack[route]! >= this.#bestPrice - EPSILON) return;
    if (random() < blink) return;
    const order = space.instance.orderOf[visit]!;
    if (hasSkills && space.vehicles[route]!.isCapable[order] === 0) return;
    if (hasHeld && !routes.isLoose(route, index, 0)) return;
    const price = routes.price(route, index - 1, index, route) - routes.cost[route]!;
    if (price >= this.#bestPrice) return;
    this.#bestPrice = price;
    this.#bestRoute = route;
    this.#bestIndex = index;
  }
}

const MOST_REMOVED = 16;
const LONGEST_STRING = 10;
/** Of the visits that have been absent for longer, in one run. */
const TRIED_AGAIN = 4;
/** Of the places: greedy insertion with blinks (Christiaens and Vanden Berghe 2020). */
const BLINK_SHARE = 0.02;
