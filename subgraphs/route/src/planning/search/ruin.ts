import type { Random } from '../random.ts';
import type { Neighbours } from './neighbours.ts';
import type { Plan } from './plan.ts';

export type RuinOptions = {
  /** How many visits are taken out on average. */
  readonly averageVisits: number;
  /** From one route at most. */
  readonly longestString: number;
};

/**
 * Takes strings of visits that follow each other out of routes that lie next to each other
 * (Christiaens and Vanden Berghe 2020, adjacent string removal).
 */
export class Ruin {
  readonly #plan: Plan;
  readonly #neighbours: Neighbours;
  readonly #random: Random;
  readonly #options: RuinOptions;
  /** By route: the last ruin that took something out of it. */
  readonly #ruinedIn: Int32Array;
  #ruin = 0;
  readonly #taken: Int32Array;
  #takenCount = 0;
  /** By order: the last ruin that took it out. */
  readonly #takenIn: Int32Array;

  constructor(plan: Plan, neighbours: Neighbours, random: Random, options: RuinOptions) {
    this.#plan = plan;
    this.#neighbours = neighbours;
    this.#random = random;
    this.#options = options;
    this.#ruinedIn = new Int32Array(plan.space.vehicles.length);
    this.#taken = new Int32Array(plan.space.instance.orderCount);
    this.#takenIn = new Int32Array(plan.space.instance.orderCount);
  }

  run(): void {
    const { visitCount, instance } = this.#plan.space;
    const { averageVisits, longestString } = this.#options;
    const random = this.#random;
    const ruin = ++this.#ruin;
    this.#takenCount = 0;
    const longest = Math.min(longestString, this.#meanLength());
    const mostStrings = (4 * averageVisits) / (1 + longest) - 1;
    let strings = Math.floor(random() * mostStrings + 1);
    const seed = Math.floor(random() * visitCount);
    const list = this.#neighbours.of(seed);
    for (let index = 0; index < list.length && strings > 0; index++) {
      const visit = list[index]!;
      const route = this.#plan.routeOf[instance.orderOf[visit]!]!;
      if (route < 0 || this.#ruinedIn[route] === ruin) continue;
      if (!this.#plan.canRemove(visit)) continue;
      this.#ruinedIn[route] = ruin;
      this.#takeString(route, this.#plan.slotOf[visit]!, longest);
      strings--;
    }
    this.#plan.remove(this.#taken, this.#takenCount);
  }

  #meanLength(): number {
    const { candidates, rows } = this.#plan;
    let visits = 0;
    for (let index = 0; index < candidates.count; index++) {
      visits += rows.lengths[candidates.routes[index]!]!;
    }
    return visits / Math.max(1, candidates.count - candidates.emptyCount);
  }

  /** A string that the slot is in, or one that leaves out some visits in its middle. */
  #takeString(route: number, slot: number, longest: number): void {
    const random = this.#random;
    const routeLength = this.#plan.rows.lengths[route]!;
    const length = Math.floor(random() * Math.min(routeLength, longest) + 1);
    let spared = 0;
    if (length > 1 && length < routeLength && random() < SPLIT_SHARE) {
      spared = 1;
      while (length + spared < routeLength && random() >= SPLIT_END) spared++;
    }
    const span = length + spared;
    const lowest = Math.max(1, slot - span + 1);
    const highest = Math.min(slot, routeLength - span + 1);
    const from = lowest + Math.floor(random() * (highest - lowest + 1));
    const sparedFrom = spared === 0 ? 0 : from + 1 + Math.floor(random() * (length - 1));
    for (let at = from; at < from + span; at++) {
      if (spared > 0 && at >= sparedFrom && at < sparedFrom + spared) continue;
      this.#take(route, at);
    }
  }

  #take(route: number, slot: number): void {
    const { rows, space } = this.#plan;
    const node = rows.nodes[route * rows.stride + slot]!;
    if (node >= space.visitCount || !this.#plan.canRemove(node)) return;
    const order = space.instance.orderOf[node]!;
    if (this.#takenIn[order] === this.#ruin) return;
    this.#takenIn[order] = this.#ruin;
    this.#taken[this.#takenCount++] = order;
  }
}

const SPLIT_SHARE = 0.5;
/** How likely it is, again and again, that no more visits are left out in the middle: mostly both ends of a route are taken. */
const SPLIT_END = 0.01;
