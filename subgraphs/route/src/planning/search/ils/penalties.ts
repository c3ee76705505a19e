import type { PenalisedRoutes } from './penalised-routes.ts';

/** Moves the prices of lateness and overload so that about a quarter of the plans are free of each. */
export class Penalties {
  readonly #routes: PenalisedRoutes;
  readonly #scale: number;
  #seen = 0;
  #punctual = 0;
  #light = 0;

  /** @param legCost What gives the prices their unit. */
  constructor(routes: PenalisedRoutes, legCost: number) {
    this.#routes = routes;
    this.#scale = Math.max(legCost, Number.MIN_VALUE);
    routes.costPerWarp = this.#scale / WARP_PER_LEG;
    routes.costPerOverload = this.#scale * LEGS_PER_OVERLOAD;
    routes.reprice();
  }

  /** Counts the plan as it is. */
  count(): void {
    this.#seen++;
    if (this.#routes.lateRoutes === 0) this.#punctual++;
    if (this.#routes.overloadedRoutes === 0) this.#light++;
  }

  /** True when the prices have changed, and with them the cost of the plan. */
  adapt(): boolean {
    const routes = this.#routes;
    if (this.#seen < PERIOD) return false;
    routes.costPerWarp = this.#adapt(routes.costPerWarp, this.#punctual);
    routes.costPerOverload = this.#adapt(routes.costPerOverload, this.#light);
    this.#seen = this.#punctual = this.#light = 0;
    routes.reprice();
    return true;
  }

  #adapt(price: number, good: number): number {
    const share = good / PERIOD;
    if (share < WANTED_SHARE) return Math.min(price * STEP, this.#scale * HIGHEST);
    if (share > WANTED_SHARE + TOLERANCE) return Math.max(price / STEP, this.#scale * LOWEST);
    return price;
  }
}

/** At first a leg costs as much as so many seconds of lateness, and a whole vehicle's overload as so many legs. */
const WARP_PER_LEG = 20;
const LEGS_PER_OVERLOAD = 50;

const PERIOD = 50;
const STEP = 1.15;
const WANTED_SHARE = 0.27;
const TOLERANCE = 0.05;
/** In legs. */
const LOWEST = 1e-5;
const HIGHEST = 1e5;
