import type { PlanCounts, SearchControl } from '../planner.ts';
import { Tally } from './tally.ts';
import type { Plan } from './plan.ts';

/** A copy of the best plan so far. */
export class BestPlan {
  readonly routes: Int32Array[];
  readonly #plan: Plan;
  readonly #control: SearchControl;
  readonly #tally: Tally;
  #isEmpty = true;
  readonly #counts = () => this.#countPlan();

  constructor(plan: Plan, control: SearchControl) {
    this.#plan = plan;
    this.#control = control;
    this.#tally = new Tally(plan.space);
    this.routes = plan.space.vehicles.map(() => new Int32Array(0));
  }

  /** Call it after a commit. True when the plan is better than the best so far. */
  take(): boolean {
    const { tally } = this.#plan;
    if (!this.#isEmpty && !(tally.minus(this.#tally) < -ROUNDING)) return false;
    this.#isEmpty = false;
    this.#tally.copy(tally);
    this.#plan.copyChanged(this.routes);
    this.report();
    return true;
  }

  report(): void {
    this.#control.report(this.#counts);
  }

  #countPlan(): PlanCounts {
    const { orderCount, movePenalty } = this.#plan.space.instance;
    const unassigned = this.#tally.absent.reduce((sum, count) => sum + count, 0);
    return {
      assigned: orderCount - unassigned,
      unassigned,
      cost: this.#tally.routeCost + this.#tally.moves * movePenalty,
    };
  }
}

const ROUNDING = 1e-7;
