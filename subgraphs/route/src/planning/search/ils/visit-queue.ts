/** Visits that wait for something, each at most once, first come first served. */
export class VisitQueue {
  readonly #ring: Int32Array;
  readonly #isIn: Uint8Array;
  #head = 0;
  #length = 0;

  constructor(visitCount: number) {
    this.#ring = new Int32Array(visitCount);
    this.#isIn = new Uint8Array(visitCount);
  }

  /** Nodes that are no visits are left out. */
  add(node: number): void {
    if (node >= this.#isIn.length || this.#isIn[node] === 1) return;
    this.#isIn[node] = 1;
    let tail = this.#head + this.#length++;
    if (tail >= this.#ring.length) tail -= this.#ring.length;
    this.#ring[tail] = node;
  }

  /** -1 when nothing waits. */
  take(): number {
    if (this.#length === 0) return -1;
    const visit = this.#ring[this.#head]!;
    if (++this.#head === this.#ring.length) this.#head = 0;
    this.#length--;
    this.#isIn[visit] = 0;
    return visit;
  }
}
