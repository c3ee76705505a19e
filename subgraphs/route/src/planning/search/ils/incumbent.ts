import type { PlanCounts, SearchControl } from '../../planner.ts';
import { RouteMeter } from '../../routes/route-times.ts';
import { Tally } from '../tally.ts';
import type { AbsentVisits } from './absent-visits.ts';
import type { PenalisedRoutes } from './penalised-routes.ts';

/** The best feasible routes so far, measured exactly. */
export class Incumbent {
  readonly routes: Int32Array[];
  readonly #source: PenalisedRoutes;
  readonly #absent: AbsentVisits;
  readonly #control: SearchControl;
  readonly #meter: RouteMeter;
  readonly #best: Tally;
  readonly #present: Tally;
  /** By route: what it costs, measured when the clock stood there. */
  readonly #measured: Float64Array;
  readonly #measuredAt: Float64Array;
  readonly #takenAt: Float64Array;
  readonly #counts = () => this.#countPlan();

  /** Begins with the routes as they are, which have to be feasible. */
  constructor(source: PenalisedRoutes, absent: AbsentVisits, control: SearchControl) {
    const { space } = source.data;
    this.#source = source;
    this.#absent = absent;
    this.#control = control;
    this.#meter = new RouteMeter(space.instance);
    this.#best = new Tally(space);
    this.#present = new Tally(space);
    this.#measured = new Float64Array(source.routeCount);
    this.#measuredAt = new Float64Array(source.routeCount);
    this.#takenAt = new Float64Array(source.routeCount);
    this.routes = Array.from({ length: source.routeCount }, () => new Int32Array(0));
    this.#count();
    this.#take();
  }

  /** Call it after each step that left feasible routes. */
  offer(): void {
    // What is priced here is never more than what is measured, but for rounding.
    const { routeCost } = this.#best;
    this.#count();
    if (this.#present.minus(this.#best) >= routeCost * 1e-6) return;
    this.#present.routeCost = this.#measureAll();
    if (!(this.#present.minus(this.#best) < -1e-7)) return;
    this.#take();
    this.report();
  }

  report(): void {
    this.#control.report(this.#counts);
  }

  #count(): void {
    const { totalCost, data, moves } = this.#source;
    const present = this.#present;
    present.moves = moves.reduce((sum, count) => sum + count, 0);
    present.routeCost = totalCost - present.moves * data.space.instance.movePenalty;
    present.absent.set(this.#absent.byLevel);
  }

  #take(): void {
    this.#present.routeCost = this.#measureAll();
    this.#best.copy(this.#present);
    this.#copyRoutes();
  }

  #countPlan(): PlanCounts {
    const { orderCount, movePenalty } = this.#source.data.space.instance;
    const unassigned = this.#best.absent.reduce((sum, count) => sum + count, 0);
    return {
      assigned: orderCount - unassigned,
      unassigned,
      cost: this.#best.routeCost + this.#best.moves * movePenalty,
    };
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

  #copyRoutes(): void {
    const { routeCount, changed, sequence } = this.#source;
    for (let route = 0; route < routeCount; route++) {
      if (this.#takenAt[route] === changed[route]) continue;
      this.#takenAt[route] = changed[route]!;
      this.routes[route] = sequence.slice(this.#source.firstOf(route), this.#source.endOf(route));
    }
  }
}
