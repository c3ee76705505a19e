import type { SearchControl } from '../planner.ts';

/**
 * Asks for the budget as seldom as it can: the clock is not free, but a slow step must not overrun a
 * short budget either.
 */
export class Budget {
  used = 0;
  iterations = 0;
  readonly #control: SearchControl;
  #interval = 1;
  #nextQuestion = 0;

  constructor(control: SearchControl) {
    this.#control = control;
  }

  /** Counts an iteration. True when the figure is fresh. */
  step(): boolean {
    if (this.iterations++ < this.#nextQuestion) return false;
    const before = this.used;
    this.used = this.#control.budgetUsed(this.iterations);
    const spent = this.used - before;
    if (spent > LARGE_SHARE) this.#interval = Math.max(1, this.#interval >> 1);
    else if (spent < SMALL_SHARE) this.#interval = Math.min(LONGEST_INTERVAL, this.#interval * 2);
    this.#nextQuestion = this.iterations + this.#interval;
    return true;
  }
}

const LONGEST_INTERVAL = 512;
/** Of the budget, between two questions. */
const SMALL_SHARE = 0.001;
const LARGE_SHARE = 0.004;
