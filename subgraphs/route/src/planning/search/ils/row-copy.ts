import type { PenalisedRoutes } from './penalised-routes.ts';

/** One route as it was. */
export class RowCopy {
  readonly #routes: PenalisedRoutes;
  readonly #nodes: Int32Array;
  #visits = 0;
  #changed = 0;

  constructor(routes: PenalisedRoutes) {
    this.#routes = routes;
    this.#nodes = new Int32Array(routes.width);
  }

  copy(route: number): void {
    const { sequence, visits, changed } = this.#routes;
    const first = this.#routes.firstOf(route);
    this.#visits = visits[route]!;
    this.#changed = changed[route]!;
    for (let at = 0; at < this.#visits; at++) this.#nodes[at] = sequence[first + at]!;
  }

  /** As if the route had never changed. */
  putBack(route: number): void {
    const { sequence, visits, changed } = this.#routes;
    const first = this.#routes.firstOf(route);
    for (let at = 0; at < this.#visits; at++) sequence[first + at] = this.#nodes[at]!;
    visits[route] = this.#visits;
    this.#routes.rebuild(route);
    changed[route] = this.#changed;
  }
}
