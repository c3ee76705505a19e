import type { SearchSpace } from './search-space.ts';

/**
 * What a plan is judged by, part by part. Penalties of important orders are so much larger than
 * kilometres that their sum has no digits left for those, so orders that are absent are counted by
 * level of penalty, and only differences between plans are ever added up.
 */
export class Tally {
  routeCost = 0;
  /** Orders on another vehicle than in the present plan. */
  moves = 0;
  /** By level of penalty: orders without a route. */
  readonly absent: Int32Array;
  readonly #space: SearchSpace;

  constructor(space: SearchSpace) {
    this.#space = space;
    this.absent = new Int32Array(space.penaltyLevels.length);
  }

  copy(other: Tally): void {
    this.routeCost = other.routeCost;
    this.moves = other.moves;
    for (let level = 0; level < this.absent.length; level++) {
      this.absent[level] = other.absent[level]!;
    }
  }

  /** An order comes to a route or leaves it (`by` is -1); the route -1 means that it is absent. */
  count(order: number, route: number, by: 1 | -1): void {
    const { instance, levelOf } = this.#space;
    const present = instance.presentVehicle[order]!;
    if (route < 0) this.absent[levelOf[order]!]! += by;
    else if (present >= 0 && present !== route) this.moves += by;
  }

  minus(other: Tally): number {
    const { instance, penaltyLevels } = this.#space;
    let difference =
      this.routeCost - other.routeCost + (this.moves - other.moves) * instance.movePenalty;
    for (let level = 0; level < penaltyLevels.length; level++) {
      const more = this.absent[level]! - other.absent[level]!;
      if (more !== 0) difference += more * penaltyLevels[level]!;
    }
    return difference;
  }
}
