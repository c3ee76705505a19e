import type { PlanCounts, SearchControl } from '../../planner.ts';
import { RouteMeter } from '../../routes/route-times.ts';
import type { PenalisedRoutes } from './penalised-routes.ts';

/** The best feasible routes so far, measured exactly. */
export class Incumbent {
  readonly routes: Int32Array[];
  #cost = 0;
  readonly #source: PenalisedRoutes;
  readonly #control: SearchControl;
  readonly #meter: RouteMeter;
  /** By route: what it costs, measured when the clock stood there. */
  readonly #measured: Float64Array;
  readonly #measuredAt: Float64Array;
  readonly #takenAt: Float64Array;
  readonly #assigned: number;
  readonly #counts = (): PlanCounts => ({
    assigned: this.#assigned,
    unassigned: this.#source.data.space.instance.orderCount - this.#assigned,
    cost: this.#cost,
  });

  /** Begins with the routes as they are, which have to be feasible. */
  constructor(source: PenalisedRoutes, control: SearchControl) {
    this.#source = source;
    this.#control = control;
    this.#meter = new RouteMeter(source.data.space.instance);
    this.#measured = new Float64Array(source.routeCount);
    this.#measuredAt = new Float64Array(source.routeCount);
    this.#takenAt = new Float64Array(source.routeCount);
    this.routes = Array.from({ length: source.routeCount }, () => new Int32Array(0));
    this.#assigned = source.visits.reduce((sum, visits) => sum + visits, 0);
    this.#cost = this.#measureAll();
    this.#copy();
  }

  /** Call it after each step that left feasible routes. */
  offer(): void {
    const { totalCost } = this.#source;
    // What is priced here is never more than what is measured, but for rounding.
    if (totalCost >= this.#cost * (1 + 1e-6)) return;
    const cost = this.#measureAll();
    if (cost >= this.#cost - 1e-7) return;
    this.#cost = cost;
    this.#copy();
    this.report();
  }

  report(): void {
    this.#control.report(this.#counts);
  }

  #measureAll(): number {
    const { routeCount, changed } = this.#source;
    let cost = 0;
    for (let route = 0; route < routeCount; route++) {
      if (changed[route]! > this.#measuredAt[route]!) this.#measure(route);
      cost += this.#measured[route]!;
    }
    return cost;
  }

  #measure(route: number): void {
    const { changed, sequence, data } = this.#source;
    this.#measuredAt[route] = changed[route]!;
    const first = this.#source.firstOf(route);
    const vehicle = data.space.vehicles[route]!;
    this.#measured[route] = this.#meter.measure(
      vehicle,
      sequence,
      first,
      this.#source.endOf(route),
    );
  }

  #copy(): void {
    const { routeCount, changed, sequence } = this.#source;
    for (let route = 0; route < routeCount; route++) {
      if (this.#takenAt[route] === changed[route]) continue;
      this.#takenAt[route] = changed[route]!;
      this.routes[route] = sequence.slice(this.#source.firstOf(route), this.#source.endOf(route));
    }
  }
}
