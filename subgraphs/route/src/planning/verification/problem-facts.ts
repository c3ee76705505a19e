import type { PlanningOrder, PlanningProblem, PlanningVehicle, PlanningVisit } from '../problem.ts';
import type { SolutionRoute, SolutionStop } from '../solution.ts';
import type { MatrixProvider } from '../travel/matrix-provider.ts';
import { providerOf } from '../travel/provider-of.ts';
import type { Violations } from './violations.ts';

/** A problem's orders and vehicles by their keys. */
export class ProblemFacts {
  readonly problem: PlanningProblem;
  readonly travel: MatrixProvider;
  readonly #orders: ReadonlyMap<string, PlanningOrder>;
  readonly #vehicles: ReadonlyMap<string, PlanningVehicle>;

  constructor(problem: PlanningProblem) {
    this.problem = problem;
    this.travel = providerOf(problem);
    this.#orders = new Map(problem.orders.map((order) => [order.key, order]));
    this.#vehicles = new Map(problem.vehicles.map((vehicle) => [vehicle.key, vehicle]));
  }

  order(key: string): PlanningOrder | undefined {
    return this.#orders.get(key);
  }

  vehicle(key: string): PlanningVehicle | undefined {
    return this.#vehicles.get(key);
  }

  /** Undefined for an order that is not known or has no such visit. */
  visit(kind: SolutionStop['kind'], orderKey: string): PlanningVisit | undefined {
    const order = this.order(orderKey);
    if (kind === 'PICKUP') return order?.pickup ?? undefined;
    return kind === 'DELIVERY' ? (order?.delivery ?? undefined) : undefined;
  }
}

/** One route under examination. */
export type CheckedRoute = {
  readonly route: SolutionRoute;
  readonly vehicle: PlanningVehicle;
  readonly facts: ProblemFacts;
  readonly violations: Violations;
};
