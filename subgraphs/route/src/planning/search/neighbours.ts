import type { SearchSpace } from './search-space.ts';

/** For each visit all others, nearest first. Made when it is first asked for: a short search asks for few. */
export class Neighbours {
  readonly #space: SearchSpace;
  readonly #lists: (Int32Array | undefined)[];
  readonly #keys: Float64Array;

  constructor(space: SearchSpace) {
    this.#space = space;
    this.#lists = Array.from({ length: space.visitCount });
    this.#keys = new Float64Array(space.visitCount);
  }

  of(visit: number): Int32Array {
    return (this.#lists[visit] ??= this.#list(visit));
  }

  /** By the first vehicle's metres there and back; visits of one distance by their number. */
  #list(visit: number): Int32Array {
    const { visitCount, arcs } = this.#space;
    const { size, metersFrom, metersTo } = arcs[0]!;
    const base = visit * size;
    for (let other = 0; other < visitCount; other++) {
      const meters = metersFrom[base + other]! + metersTo[base + other]!;
      this.#keys[other] = meters * visitCount + other;
    }
    this.#keys[visit] = -1;
    this.#keys.sort();
    const list = new Int32Array(Math.min(LONGEST_LIST, visitCount));
    list[0] = visit;
    for (let index = 1; index < list.length; index++) list[index] = this.#keys[index]! % visitCount;
    return list;
  }
}

/** More are not looked at, so that thousands of visits do not need a square of memory. */
const LONGEST_LIST = 400;
