import type { Random } from '../random.ts';

/** Simulated annealing: a worse plan is accepted by chance, less and less as the budget is used. */
export class Annealing {
  #temperature: number;
  readonly #first: number;
  readonly #last: number;
  readonly #random: Random;

  /** @param meanLegCost Of the plan at the start: what gives the temperature its unit. */
  constructor(meanLegCost: number, random: Random) {
    this.#first = FIRST_TEMPERATURE * meanLegCost;
    this.#last = LAST_TEMPERATURE * meanLegCost;
    this.#temperature = this.#first;
    this.#random = random;
  }

  /** @param used Share of the budget. */
  coolTo(used: number): void {
    this.#temperature = this.#first * (this.#last / this.#first) ** Math.min(1, used);
  }

  /** @param change By how much the plan would become dearer. */
  accepts(change: number): boolean {
    return change < -this.#temperature * Math.log(this.#random());
  }
}

/** In mean legs. Colder at the start finds a good plan sooner and a worse one in the end. */
const FIRST_TEMPERATURE = 1;
const LAST_TEMPERATURE = 1 / 100;
