import type { SearchSpace } from './search-space.ts';

/** The routes that an order can be put into: all that are used, and one empty one of each kind. */
export class CandidateRoutes {
  /** The first `count`. */
  readonly routes: Int32Array;
  count = 0;
  /** The first `emptyCount` are the empty ones among them. */
  readonly emptyRoutes: Int32Array;
  emptyCount = 0;
  readonly #space: SearchSpace;
  readonly #isUsed: Uint8Array;
  readonly #kindSeen: Uint8Array;

  constructor(space: SearchSpace) {
    const { vehicles } = space;
    this.#space = space;
    this.routes = new Int32Array(vehicles.length);
    this.emptyRoutes = new Int32Array(vehicles.length);
    this.#isUsed = new Uint8Array(vehicles.length);
    this.#kindSeen = new Uint8Array(1 + Math.max(0, ...vehicles.map(({ kind }) => kind)));
    this.#list();
  }

  setUsed(route: number, isUsed: boolean): void {
    const flag = isUsed ? 1 : 0;
    if (this.#isUsed[route] === flag) return;
    this.#isUsed[route] = flag;
    this.#list();
  }

  #list(): void {
    const { vehicles } = this.#space;
    this.#kindSeen.fill(0);
    this.count = 0;
    this.emptyCount = 0;
    for (let route = 0; route < vehicles.length; route++) {
      if (this.#isUsed[route] === 0) {
        const { kind } = vehicles[route]!;
        if (this.#kindSeen[kind] === 1) continue;
        this.#kindSeen[kind] = 1;
        this.emptyRoutes[this.emptyCount++] = route;
      }
      this.routes[this.count++] = route;
    }
  }
}
