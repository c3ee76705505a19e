import { OPEN, WINDOW_STRIDE, type Instance } from '../instance/instance.ts';

/** First and last second in which service may start, both included. */
export type StartWindow = { readonly firstSeconds: number; readonly lastSeconds: number };

/** The instance once more, with windows that can be changed for one order at a time. */
export class OwnWindows {
  /** Shares everything but the windows with the instance that it was made from. */
  readonly instance: Instance;
  readonly #original: Instance;
  readonly #count: Uint8Array;
  readonly #first: Int32Array;
  readonly #last: Int32Array;

  constructor(instance: Instance) {
    this.#original = instance;
    this.#count = instance.windowCount.slice();
    this.#first = instance.windowFirst.slice();
    this.#last = instance.windowLast.slice();
    this.instance = {
      ...instance,
      windowCount: this.#count,
      windowFirst: this.#first,
      windowLast: this.#last,
    };
  }

  /** One window for each visit of the order. */
  set(order: number, { firstSeconds, lastSeconds }: StartWindow): void {
    for (const visit of this.#visitsOf(order)) {
      this.#count[visit] = 1;
      this.#first[visit * WINDOW_STRIDE] = firstSeconds;
      this.#last[visit * WINDOW_STRIDE] = lastSeconds;
    }
  }

  open(order: number): void {
    this.set(order, { firstSeconds: -OPEN, lastSeconds: OPEN });
  }

  /** Each of the order's windows opens earlier and closes later by so much; they may overlap then. */
  widen(order: number, by: { earlierSeconds: number; laterSeconds: number }): void {
    this.reset(order);
    for (const visit of this.#visitsOf(order)) {
      const begin = visit * WINDOW_STRIDE;
      for (let index = begin; index < begin + this.#count[visit]!; index++) {
        this.#first[index]! -= by.earlierSeconds;
        this.#last[index]! += by.laterSeconds;
      }
      this.#separate(visit);
    }
  }

  reset(order: number): void {
    const { windowCount, windowFirst, windowLast } = this.#original;
    for (const visit of this.#visitsOf(order)) {
      this.#count[visit] = windowCount[visit]!;
      const begin = visit * WINDOW_STRIDE;
      for (let index = begin; index < begin + WINDOW_STRIDE; index++) {
        this.#first[index] = windowFirst[index]!;
        this.#last[index] = windowLast[index]!;
      }
    }
  }

  /** Windows that have grown into each other become one. */
  #separate(visit: number): void {
    const begin = visit * WINDOW_STRIDE;
    let last = begin;
    for (let index = begin + 1; index < begin + this.#count[visit]!; index++) {
      if (this.#first[index]! > this.#last[last]! + 1) last++;
      else {
        this.#last[last] = Math.max(this.#last[last]!, this.#last[index]!);
        continue;
      }
      this.#first[last] = this.#first[index]!;
      this.#last[last] = this.#last[index]!;
    }
    this.#count[visit] = last - begin + 1;
  }

  #visitsOf(order: number): number[] {
    const { pickupOf, deliveryOf } = this.#original;
    return [pickupOf[order]!, deliveryOf[order]!].filter((visit) => visit >= 0);
  }
}
