import { array, integer, noBias } from 'fast-check';
import type { Arbitrary } from 'fast-check';

/**
 * Choices that were made beforehand. Whoever builds something takes one after the other; at the end
 * of the tape every choice is the first, so that a shorter tape is a simpler thing: fast-check
 * shrinks the tape, and with it whatever is built from it.
 */
export class Tape {
  readonly #choices: readonly number[];
  #position = 0;
  #end: number;

  constructor(choices: readonly number[]) {
    this.#choices = choices;
    this.#end = choices.length;
  }

  get isAtEnd(): boolean {
    return this.#position >= this.#end;
  }

  /** Runs `fn` with one part in so many of what is left, so that something is left for the others. */
  share<T>(parts: number, fn: () => T): T {
    const end = this.#end;
    this.#end = this.#position + Math.ceil((end - this.#position) / parts);
    try {
      return fn();
    } finally {
      this.#end = end;
    }
  }

  /** A whole number from 0 to `bound` - 1. */
  next(bound: number): number {
    const choice = this.isAtEnd ? 0 : (this.#choices[this.#position] ?? 0);
    if (!this.isAtEnd) this.#position += 1;
    return choice % bound;
  }

  /** True so often in a hundred; false at the end of the tape. */
  chance(percent: number): boolean {
    return this.next(100) >= 100 - percent;
  }

  pick<T>(list: readonly [T, ...T[]]): T;
  pick<T>(list: readonly T[]): T | undefined;
  pick<T>(list: readonly T[]): T | undefined {
    return list[this.next(list.length || 1)];
  }
}

/** Tapes of at most so many choices, all choices equally likely. */
export function tapes(mostChoices: number): Arbitrary<number[]> {
  const choice = integer({ min: 0, max: 0xffff });
  return noBias(array(choice, { minLength: 10, maxLength: mostChoices, size: 'max' }));
}
