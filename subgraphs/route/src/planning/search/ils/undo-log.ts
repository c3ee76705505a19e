import type { PenalisedRoutes } from './penalised-routes.ts';

/** Remembers routes as they were, so that a step that leads nowhere costs what it changed. */
export class UndoLog {
  readonly #routes: PenalisedRoutes;
  readonly #isTouched: Uint8Array;
  readonly #touched: Int32Array;
  #touchedCount = 0;
  /** By place in `#touched`: how many visits the route had, and where they are in `#kept`. */
  readonly #lengths: Int32Array;
  readonly #begins: Int32Array;
  readonly #kept: Int32Array;
  #keptCount = 0;

  constructor(routes: PenalisedRoutes) {
    this.#routes = routes;
    this.#isTouched = new Uint8Array(routes.routeCount);
    this.#touched = new Int32Array(routes.routeCount);
    this.#lengths = new Int32Array(routes.routeCount);
    this.#begins = new Int32Array(routes.routeCount);
    this.#kept = new Int32Array(2 * routes.width);
  }

  /** Call it before a route is changed. */
  touch(route: number): void {
    if (this.#isTouched[route] === 1) return;
    const { sequence, visits } = this.#routes;
    const first = this.#routes.firstOf(route);
    const length = visits[route]!;
    this.#isTouched[route] = 1;
    this.#touched[this.#touchedCount] = route;
    this.#lengths[this.#touchedCount] = length;
    this.#begins[this.#touchedCount] = this.#keptCount;
    this.#touchedCount++;
    for (let index = 0; index < length; index++) {
      this.#kept[this.#keptCount++] = sequence[first + index]!;
    }
  }

  forget(): void {
    for (let at = 0; at < this.#touchedCount; at++) this.#isTouched[this.#touched[at]!] = 0;
    this.#touchedCount = 0;
    this.#keptCount = 0;
  }

  undo(): void {
    const { sequence, visits, position } = this.#routes;
    for (let at = 0; at < this.#touchedCount; at++) {
      const route = this.#touched[at]!;
      const end = this.#routes.endOf(route);
      for (let index = this.#routes.firstOf(route); index < end; index++) {
        position[sequence[index]!] = -1;
      }
    }
    for (let at = 0; at < this.#touchedCount; at++) {
      const route = this.#touched[at]!;
      const first = this.#routes.firstOf(route);
      const begin = this.#begins[at]!;
      const length = this.#lengths[at]!;
      for (let index = 0; index < length; index++) {
        sequence[first + index] = this.#kept[begin + index]!;
      }
      visits[route] = length;
      this.#routes.rebuild(route);
    }
    this.forget();
  }
}
