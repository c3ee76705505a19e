import type { PenalisedSpace } from './penalised-space.ts';

/** For each position of the rows, what has been loaded up to it, so that the loads of a route made of parts need no walk along them. */
export class Overloads {
  /** At `index * dimensions + dimension`, sums from the start of the row: of all loads, or of the deliveries when orders go both ways. */
  readonly #sums: Float64Array;
  /**
   * Only when orders go both ways: what has been picked up since the start of the row, and the highest
   * load on any leg up to the position and from it on, of a vehicle that carries nothing else.
   */
  readonly #picked: Float64Array;
  readonly #highestAhead: Float64Array;
  readonly #highestBehind: Float64Array;
  /** By position: the load of the tightest dimension since the start of the row (see `#sums`), as a share of the largest vehicle. */
  readonly upTo: Float64Array;
  /** By route: what is left of that dimension. */
  readonly room: Float64Array;
  readonly #data: PenalisedSpace;
  readonly #sequence: Int32Array;

  constructor(data: PenalisedSpace, sequence: Int32Array) {
    const size = sequence.length * data.dimensions;
    this.#data = data;
    this.#sequence = sequence;
    this.#sums = new Float64Array(size);
    this.upTo = new Float64Array(sequence.length);
    this.room = new Float64Array(data.space.vehicles.length);
    this.#picked = new Float64Array(data.goesBothWays ? size : 0);
    this.#highestAhead = new Float64Array(data.goesBothWays ? size : 0);
    this.#highestBehind = new Float64Array(data.goesBothWays ? size : 0);
  }

  /** @param first Index of the first visit. @param end Index of the end node. */
  rebuild(route: number, first: number, end: number): void {
    if (this.#data.goesBothWays) this.#rebuildBothWays(first, end);
    else this.#rebuildSums(first, end);
    const { dimensions, capacities, shares, tightest } = this.#data;
    const share = shares[tightest]!;
    for (let index = first - 1; index <= end; index++) {
      this.upTo[index] = this.#sums[index * dimensions + tightest]! * share;
    }
    this.room[route] = capacities[route * dimensions + tightest]! * share - this.upTo[end]!;
  }

  /** A visit in no route as a row of its own. */
  takeUp(index: number): void {
    const { dimensions, shares, tightest, goesBothWays, isPickup } = this.#data;
    this.#rebuildSums(index, index + 1);
    const isCounted = !goesBothWays || isPickup[this.#sequence[index]!] === 0;
    this.upTo[index] = isCounted
      ? this.#sums[index * dimensions + tightest]! * shares[tightest]!
      : 0;
  }

  /**
   * Of the vehicle with this route whose row reads: up to the index `before`, the pieces (see
   * `PenalisedRoutes`), from `after` to the end node at `last`. As a share of the largest vehicle,
   * summed up over the dimensions.
   */
  of(
    route: number,
    before: number,
    pieces: Int32Array,
    pieceCount: number,
    after: number,
    last: number,
  ): number {
    const { dimensions, capacities, shares, goesBothWays } = this.#data;
    const sums = this.#sums;
    const end = pieceCount * 3;
    let overload = 0;
    for (let dimension = 0; dimension < dimensions; dimension++) {
      let load = 0;
      if (goesBothWays) load = this.#highest(dimension, before, pieces, pieceCount, after, last);
      else {
        load = sums[before * dimensions + dimension]! + sums[last * dimensions + dimension]!;
        load -= sums[(after - 1) * dimensions + dimension]!;
        for (let piece = 0; piece < end; piece += 3) {
          const count = pieces[piece + 2]!;
          if (count === 0) continue;
          const from = pieces[piece]!;
          const low = pieces[piece + 1]! > 0 ? from : from - count + 1;
          load += sums[(low + count - 1) * dimensions + dimension]!;
          load -= sums[(low - 1) * dimensions + dimension]!;
        }
      }
      const over = load - capacities[route * dimensions + dimension]!;
      if (over > 0) overload += over * shares[dimension]!;
    }
    return overload;
  }

  /**
   * Of two parts, one after the other, the vehicle carries on the first what it delivers on the second,
   * and on the second what it has picked up on the first (Vidal et al. 2014).
   */
  #highest(
    dimension: number,
    before: number,
    pieces: Int32Array,
    pieceCount: number,
    after: number,
    last: number,
  ): number {
    const { dimensions, demands, isPickup } = this.#data;
    const sums = this.#sums;
    const sequence = this.#sequence;
    const end = pieceCount * 3;
    let picked = this.#picked[before * dimensions + dimension]!;
    let highest = this.#highestAhead[before * dimensions + dimension]!;
    for (let piece = 0; piece < end; piece += 3) {
      let from = pieces[piece]!;
      for (let left = pieces[piece + 2]!; left > 0; left--) {
        const visit = sequence[from]!;
        const demand = demands[visit * dimensions + dimension]!;
        if (isPickup[visit] === 1) {
          picked += demand;
          if (picked > highest) highest = picked;
        } else highest = Math.max(highest, picked) + demand;
        from += pieces[piece + 1]!;
      }
    }
    const delivered =
      sums[last * dimensions + dimension]! - sums[(after - 1) * dimensions + dimension]!;
    return Math.max(
      highest + delivered,
      picked + this.#highestBehind[after * dimensions + dimension]!,
    );
  }

  #rebuildSums(first: number, end: number): void {
    const { dimensions, demands } = this.#data;
    const sums = this.#sums;
    let at = first * dimensions;
    for (let index = first; index < end; index++) {
      const demand = this.#sequence[index]! * dimensions;
      for (let dimension = 0; dimension < dimensions; dimension++, at++) {
        sums[at] = sums[at - dimensions]! + demands[demand + dimension]!;
      }
    }
    for (let dimension = 0; dimension < dimensions; dimension++, at++) {
      sums[at] = sums[at - dimensions]!;
    }
  }

  #rebuildBothWays(first: number, end: number): void {
    const { dimensions, demands, isPickup } = this.#data;
    const sequence = this.#sequence;
    for (let dimension = 0; dimension < dimensions; dimension++) {
      let delivered = 0;
      let picked = 0;
      let highest = 0;
      for (let index = first; index <= end; index++) {
        const visit = sequence[index]!;
        if (index < end) {
          const demand = demands[visit * dimensions + dimension]!;
          if (isPickup[visit] === 1) {
            picked += demand;
            if (picked > highest) highest = picked;
          } else {
            delivered += demand;
            highest = Math.max(highest, picked) + demand;
          }
        }
        const at = index * dimensions + dimension;
        this.#sums[at] = delivered;
        this.#picked[at] = picked;
        this.#highestAhead[at] = highest;
      }
      this.#highestBehind[end * dimensions + dimension] = delivered = highest = 0;
      for (let index = end - 1; index >= first; index--) {
        const visit = sequence[index]!;
        const demand = demands[visit * dimensions + dimension]!;
        if (isPickup[visit] === 1) highest = demand + Math.max(delivered, highest);
        else {
          delivered += demand;
          highest = Math.max(delivered, highest);
        }
        this.#highestBehind[index * dimensions + dimension] = highest;
      }
    }
  }
}
