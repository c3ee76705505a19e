import type { SearchSpace } from './search-space.ts';

/**
 * For each visit the others that it is best put next to: those that it may come right after, and
 * those that it may come right before, nearest first. Near is a short way and little waiting. Made
 * when they are first asked for: where every place is looked at, nobody does.
 */
export class NearVisits {
  /** At `visit * width`, `counts` of them. */
  readonly before: Int32Array;
  readonly after: Int32Array;
  /** From or to the visit beside it in these lists. */
  readonly metersBefore: Int32Array;
  readonly metersAfter: Int32Array;
  readonly beforeCounts: Int32Array;
  readonly afterCounts: Int32Array;
  readonly width: number;

  readonly #space: SearchSpace;
  readonly #isListed: Uint8Array;
  readonly #keys: Float64Array;

  constructor(space: SearchSpace, width: number) {
    const { visitCount } = space;
    this.#space = space;
    this.width = Math.min(width, Math.max(1, visitCount - 1));
    this.before = new Int32Array(visitCount * this.width);
    this.after = new Int32Array(visitCount * this.width);
    this.metersBefore = new Int32Array(this.before.length);
    this.metersAfter = new Int32Array(this.after.length);
    this.beforeCounts = new Int32Array(visitCount);
    this.afterCounts = new Int32Array(visitCount);
    this.#isListed = new Uint8Array(visitCount);
    this.#keys = new Float64Array(this.width);
  }

  /** Call it before reading the lists of a visit. */
  list(visit: number): void {
    if (this.#isListed[visit] === 1) return;
    this.#isListed[visit] = 1;
    const space = this.#space;
    const { size, metersFrom, metersTo } = space.arcs[0]!;
    const base = visit * this.width;
    this.beforeCounts[visit] = nearest(this.#keys, this.before.subarray(base, base + this.width), {
      visit,
      visitCount: space.visitCount,
      distance: (other) => legCost(space, other, visit),
    });
    this.afterCounts[visit] = nearest(this.#keys, this.after.subarray(base, base + this.width), {
      visit,
      visitCount: space.visitCount,
      distance: (other) => legCost(space, visit, other),
    });
    for (let index = base; index < base + this.width; index++) {
      this.metersBefore[index] = metersTo[visit * size + this.before[index]!]!;
      this.metersAfter[index] = metersFrom[visit * size + this.after[index]!]!;
    }
  }
}

type Candidates = {
  readonly visit: number;
  readonly visitCount: number;
  readonly distance: (other: number) => number;
};

/** Fills the list; returns how many there are. The keys are sorted as they come: few of many are kept. */
function nearest(
  keys: Float64Array,
  list: Int32Array,
  { visit, visitCount, distance }: Candidates,
): number {
  let count = 0;
  for (let other = 0; other < visitCount; other++) {
    const meters = other === visit ? Infinity : distance(other);
    if (meters === Infinity) continue;
    const key = Math.round(meters) * visitCount + other;
    if (count === list.length && key >= keys[count - 1]!) continue;
    let at = count < list.length ? count++ : count - 1;
    for (; at > 0 && keys[at - 1]! > key; at--) keys[at] = keys[at - 1]!;
    keys[at] = key;
  }
  for (let index = 0; index < count; index++) list[index] = keys[index]! % visitCount;
  return count;
}

/** Of going from one to the other, by the first vehicle; Infinity when it is never in time. */
function legCost({ arcs, opens, closes, serviceSeconds }: SearchSpace, from: number, to: number) {
  const { size, metersFrom, secondsFrom } = arcs[0]!;
  const seconds = serviceSeconds[from]! + secondsFrom[from * size + to]!;
  if (opens[from]! + seconds > closes[to]!) return Infinity;
  const meters = metersFrom[from * size + to]!;
  const waiting = Math.max(0, opens[to]! - closes[from]! - seconds);
  return meters + (WAITING_WEIGHT * waiting * meters) / Math.max(1, secondsFrom[from * size + to]!);
}

/** Waiting for a minute is as far as driving for so many. */
const WAITING_WEIGHT = 0.2;
