import { type PenalisedSpace, windowAt } from './penalised-space.ts';

/** For each position of the rows, what the route is like up to it and from it on. */
export class RowFigures {
  /** By position: what the leg to it costs. */
  readonly legTo: Float64Array;
  /** By position: what all legs up to it cost, only where times never matter; then there is no need of the two below. */
  readonly legsUpTo: Float64Array;
  /** At `index * STRIDE`: time after it, time warp, cost of legs, how much later the vehicle can leave to wait less, waiting, driving and service. */
  readonly ahead: Float64Array;
  /** At `index * STRIDE`: time warp, latest start without more of it, cost of legs, earliest start without more waiting, waiting, driving and service. */
  readonly behind: Float64Array;
  /** Of the route that was rebuilt last, as a whole. */
  warp = 0;
  legs = 0;
  waiting = 0;
  busy = 0;
  readonly #data: PenalisedSpace;
  readonly #sequence: Int32Array;

  constructor(data: PenalisedSpace, sequence: Int32Array) {
    this.#data = data;
    this.#sequence = sequence;
    this.legTo = new Float64Array(sequence.length);
    this.legsUpTo = new Float64Array(data.isTimeless ? sequence.length : 0);
    const size = data.isTimeless ? 0 : sequence.length * STRIDE;
    this.ahead = new Float64Array(size);
    this.behind = new Float64Array(size);
  }

  /** @param first Index of the first visit. @param end Index of the end node. */
  rebuild(route: number, first: number, end: number): void {
    if (this.#data.isTimeless) this.#sumLegs(route, first, end);
    else {
      this.#lookBack(route, first, end);
      this.#lookAhead(route, first, end);
    }
  }

  /** Where times never matter, legs are all there is. */
  #sumLegs(route: number, first: number, end: number): void {
    const { legTo, legsUpTo } = this;
    const { size, costs } = this.#data;
    const sequence = this.#sequence;
    const cost = costs[route]!;
    let arc = sequence[first - 1]! * size;
    let sum = 0;
    legsUpTo[first - 1] = 0;
    for (let index = first; index <= end; index++) {
      const next = sequence[index]!;
      const leg = cost[arc + next]!;
      sum += leg;
      legTo[index] = leg;
      legsUpTo[index] = sum;
      arc = next * size;
    }
    this.legs = sum;
  }

  /** Figures up to each position; those of the whole route follow from the last. */
  #lookBack(route: number, first: number, end: number): void {
    const { size, costs, seconds, opens, closes, service, space } = this.#data;
    const { hasSeveralWindows } = this.#data;
    const { ahead, legTo } = this;
    const sequence = this.#sequence;
    const vehicle = space.vehicles[route]!;
    const cost = costs[route]!;
    const time = seconds[route]!;
    let node = sequence[first - 1]!;
    let now = vehicle.shiftStartSeconds;
    let warp = 0;
    let sum = 0;
    let leeway = vehicle.shiftEndSeconds - now;
    let waiting = 0;
    let busy = 0;
    for (let index = first - 1; ; index++) {
      const at = index * STRIDE;
      ahead[at] = now;
      ahead[at + 1] = warp;
      ahead[at + 2] = sum;
      ahead[at + 3] = leeway;
      ahead[at + 4] = waiting;
      ahead[at + 5] = busy;
      const next = sequence[index + 1]!;
      const arc = node * size + next;
      legTo[index + 1] = cost[arc]!;
      sum += cost[arc]!;
      now += time[arc]!;
      busy += time[arc]!;
      if (index + 1 === end) break;
      if (hasSeveralWindows && space.hasGaps[next] === 1) {
        const window = windowAt(space.instance, next, now);
        opens[next] = space.instance.windowFirst[window]!;
        closes[next] = space.instance.windowLast[window]!;
      }
      const wait = opens[next]! - now;
      if (wait > leeway) waiting += wait - leeway;
      leeway = leewayAfter(leeway, wait, closes[next]! - now);
      if (now > closes[next]!) {
        warp += now - closes[next]!;
        now = closes[next]!;
      } else if (wait > 0) now = opens[next]!;
      now += service[next]!;
      busy += service[next]!;
      node = next;
    }
    if (now > vehicle.shiftEndSeconds) warp += now - vehicle.shiftEndSeconds;
    this.warp = warp;
    this.legs = sum;
    this.waiting = waiting;
    this.busy = busy;
  }

  /** Figures from each position on: Vidal's concatenation of one node with all that is behind it. */
  #lookAhead(route: number, first: number, end: number): void {
    const { size, costs, seconds, opens, closes, service, space } = this.#data;
    const { behind } = this;
    const sequence = this.#sequence;
    const vehicle = space.vehicles[route]!;
    const cost = costs[route]!;
    const time = seconds[route]!;
    let warp = 0;
    let latest = vehicle.shiftEndSeconds;
    let sum = 0;
    let earliest = -Infinity;
    let waiting = 0;
    let busy = 0;
    for (let index = end; ; index--) {
      const at = index * STRIDE;
      behind[at] = warp;
      behind[at + 1] = latest;
      behind[at + 2] = sum;
      behind[at + 3] = earliest;
      behind[at + 4] = waiting;
      behind[at + 5] = busy;
      const node = sequence[index - 1]!;
      if (index === first) break;
      const arc = node * size + sequence[index]!;
      const gap = time[arc]! + service[node]!;
      const opensAt = opens[node]!;
      sum += cost[arc]!;
      busy += gap;
      const late = opensAt + gap - latest;
      latest = Math.min(latest - gap, closes[node]!);
      if (late > 0) {
        warp += late;
        latest = opensAt;
      }
      const wait = earliest - gap - closes[node]!;
      earliest = Math.max(earliest - gap, opensAt);
      if (wait > 0) {
        waiting += wait;
        earliest -= wait;
      }
    }
  }
}

/** Figures of one position side by side: one line of the cache. */
export const STRIDE = 8;

/** How much later a vehicle can leave to wait less, after a node that opens in `wait` seconds and can be delayed for `room`. */
export function leewayAfter(leeway: number, wait: number, room: number): number {
  const left = room < leeway ? room : leeway;
  const later = wait > 0 ? left - (wait < leeway ? wait : leeway) : left;
  return later > 0 ? later : 0;
}
