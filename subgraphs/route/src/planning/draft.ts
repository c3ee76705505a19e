import { explainUnassigned } from './explanation.ts';
import type { Instance, InstanceOrder } from './instance.ts';
import type { PlanCounts, StopReason } from './planner.ts';
import { RouteState } from './route-state.ts';
import { scheduleRoute, sumMetrics } from './schedule.ts';
import type { PlanningSolution, SolutionRoute } from './solution.ts';

/** A plan in the making: one route for each vehicle, many of them perhaps empty. Always feasible. */
export class Draft {
  readonly instance: Instance;
  readonly routes: RouteState[];
  /** Orders that were tried and have no place, or that were not tried before the search was stopped. */
  leftOut: InstanceOrder[] = [];

  constructor(instance: Instance) {
    this.instance = instance;
    this.routes = instance.vehicles.map((vehicle) => new RouteState(vehicle));
  }

  /** Fewer of the most important orders left out, then of the next, and so on; then the lower cost. */
  isBetterThan(other: Draft): boolean {
    const mine = this.#prioritiesLeftOut();
    const others = other.#prioritiesLeftOut();
    for (let index = 0; index < Math.max(mine.length, others.length); index++) {
      const difference = (mine[index] ?? -1) - (others[index] ?? -1);
      if (difference !== 0) return difference < 0;
    }
    return this.cost() < other.cost();
  }

  counts(): PlanCounts {
    const assigned = this.routes.reduce((sum, route) => sum + route.orders.length, 0);
    const unassigned = this.instance.orders.length - assigned;
    return { assigned, unassigned, cost: this.cost() };
  }

  cost(): number {
    return sumMetrics(this.#schedule().map((route) => route.metrics)).cost;
  }

  toSolution(run: {
    algorithm: string;
    seed: number;
    stopped: StopReason | null;
  }): PlanningSolution {
    const routes = this.#schedule();
    return {
      algorithm: run.algorithm,
      seed: run.seed,
      outcome: run.stopped ?? 'COMPLETED',
      routes,
      unassigned: explainUnassigned(
        this.instance,
        this.routes,
        this.leftOut.toSorted((a, b) => b.priority - a.priority || a.index - b.index),
      ),
      metrics: sumMetrics(routes.map((route) => route.metrics)),
    };
  }

  #schedule(): SolutionRoute[] {
    return this.routes
      .filter((route) => route.orders.length > 0)
      .map((route) => scheduleRoute(this.instance.problem, route.vehicle, route.orders));
  }

  #prioritiesLeftOut(): number[] {
    return this.leftOut.map((order) => order.priority).toSorted((a, b) => b - a);
  }
}
