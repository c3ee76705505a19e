import type { RouteRows } from './route-rows.ts';
import type { SearchSpace } from './search-space.ts';

/** Where each order and visit is, and what lies beside it. */
export class PlannedVisits {
  /** By order: its route, or -1. */
  readonly routeOf: Int32Array;
  /** By visit that is planned: its slot, and the nodes beside it. */
  readonly slotOf: Int32Array;
  readonly previousOf: Int32Array;
  readonly nextOf: Int32Array;
  /** By visit: the way to it and from it; `NO_LEG` when it is not planned. */
  readonly metersBefore: Int32Array;
  readonly metersAfter: Int32Array;
  readonly #space: SearchSpace;

  constructor(space: SearchSpace) {
    const { visitCount, instance } = space;
    this.#space = space;
    this.routeOf = new Int32Array(instance.orderCount);
    this.slotOf = new Int32Array(visitCount);
    this.previousOf = new Int32Array(visitCount);
    this.nextOf = new Int32Array(visitCount);
    this.metersBefore = new Int32Array(visitCount);
    this.metersAfter = new Int32Array(visitCount);
    for (let order = 0; order < instance.orderCount; order++) this.forget(order);
  }

  forget(order: number): void {
    const { firstVisit, secondVisit } = this.#space;
    const first = firstVisit[order]!;
    const second = secondVisit[order]!;
    this.routeOf[order] = -1;
    this.metersBefore[first] = this.metersAfter[first] = NO_LEG;
    if (second >= 0) this.metersBefore[second] = this.metersAfter[second] = NO_LEG;
  }

  /** After the row has changed from this slot on. */
  note(rows: RouteRows, route: number, firstSlot: number): void {
    const { visitCount, instance, mayWalk } = this.#space;
    const { nodes, legMeters, stride } = rows;
    const { slotOf, routeOf, previousOf, nextOf, metersBefore, metersAfter } = this;
    const begin = route * stride;
    const end = begin + rows.lengths[route]!;
    for (let at = begin + Math.max(1, firstSlot - 1); at <= end; at++) {
      const node = nodes[at]!;
      if (node >= visitCount) continue;
      slotOf[node] = at - begin;
      routeOf[instance.orderOf[node]!] = route;
      if (!mayWalk) continue;
      previousOf[node] = nodes[at - 1]!;
      nextOf[node] = nodes[at + 1]!;
      metersBefore[node] = legMeters[at]!;
      metersAfter[node] = legMeters[at + 1]!;
    }
  }
}

/** So short that a detour instead of it seems longer than any: nothing is put beside what is not planned. */
const NO_LEG = -1e9;
