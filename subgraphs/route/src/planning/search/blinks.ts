import type { Random } from '../random.ts';

/**
 * Which of the places seen are overlooked: one in a hundred, at random ("blinks", Christiaens and
 * Vanden Berghe 2020). How many are seen until the next is drawn at once, not anew for each place.
 */
export class Blinks {
  readonly #random: Random;
  #untilNext = 0;

  constructor(random: Random) {
    this.#random = random;
    this.#draw();
  }

  /** True when the place seen now is overlooked. */
  happens(): boolean {
    if (this.#untilNext-- > 0) return false;
    this.#draw();
    return true;
  }

  #draw(): void {
    this.#untilNext = Math.floor(Math.log(1 - this.#random()) / Math.log(1 - SHARE));
  }
}

const SHARE = 0.01;
