import { refreshLegLoads } from './row-loads.ts';
import { refreshParts } from './row-parts.ts';
import {
  delayFrom,
  hurryFrom,
  refreshBackwards,
  refreshForwards,
  shiftTimes,
} from './row-times.ts';
import { addToTotals, refreshTotals } from './row-totals.ts';
import type { SearchSpace } from './search-space.ts';

/**
 * Routes as rows of flat arrays: the row of route r (one for each vehicle) begins at `r * stride`.
 * Slot 0 is the start node, slots 1 to `lengths[r]` are visits and reloads, the slot after them is
 * the end node. What runs along a row is what the price of an insertion needs in constant time:
 *
 * - Visits start as early as they can. Being earlier never hurts, because waiting is allowed, so a
 *   visit fits in when the next slot is still reached by its latest arrival, also with several
 *   windows (Savelsbergh 1992).
 * - Where seconds cost, a part of a route is (shortest duration, earliest and latest start with that
 *   duration), and parts are joined in constant time (Vidal, Crainic, Gendreau and Prins 2013).
 * - The load on each leg, and the highest before and after it within one trip.
 *
 * Breaks and lateness are not in these figures: for vehicles with them they are bounds.
 */
export class RouteRows {
  readonly space: SearchSpace;
  stride: number;
  nodes: Int32Array;
  /** Earliest departure; at the end node the earliest arrival. */
  departs: Int32Array;
  /** Latest arrival that keeps the rest of the route in time. */
  closes: Int32Array;
  /** From the slot before. */
  legMeters: Int32Array;
  // From the start up to this slot and from this slot to the end; empty when no vehicle is timed.
  headSeconds: Int32Array;
  headEarliest: Int32Array;
  headLatest: Int32Array;
  tailSeconds: Int32Array;
  tailEarliest: Int32Array;
  tailLatest: Int32Array;
  /** At `slot * dimensions + dimension`, on the leg from this slot; empty unless loads are looked at leg by leg. */
  legLoads: Float64Array;
  /** The highest leg load from the start of the trip up to this leg, and from this leg to its end. */
  highestBefore: Float64Array;
  highestAfter: Float64Array;

  // By route.
  readonly lengths: Int32Array;
  readonly reloads: Int32Array;
  readonly meters: Int32Array;
  /** Shortest duration; 0 for vehicles that are not timed. */
  readonly seconds: Int32Array;
  /** Visits with several windows. */
  readonly gaps: Int32Array;
  /** 1: something is late or too long, as can happen when a visit is removed that was a short cut. */
  readonly isBroken: Uint8Array;
  /** At `route * dimensions + dimension`: all its orders together. */
  readonly loads: Float64Array;

  constructor(space: SearchSpace) {
    const { visitCount, vehicles, instance } = space;
    const routeCount = vehicles.length;
    this.space = space;
    this.stride = Math.ceil((2 * visitCount) / Math.max(1, routeCount)) + 16;
    const slots = this.stride * routeCount;
    const timedSlots = space.hasTimed ? slots : 0;
    const loadSlots = space.hasLegLoads ? slots * instance.dimensions : 0;
    this.nodes = new Int32Array(slots);
    this.departs = new Int32Array(slots);
    this.closes = new Int32Array(slots);
    this.legMeters = new Int32Array(slots);
    this.headSeconds = new Int32Array(timedSlots);
    this.headEarliest = new Int32Array(timedSlots);
    this.headLatest = new Int32Array(timedSlots);
    this.tailSeconds = new Int32Array(timedSlots);
    this.tailEarliest = new Int32Array(timedSlots);
    this.tailLatest = new Int32Array(timedSlots);
    this.legLoads = new Float64Array(loadSlots);
    this.highestBefore = new Float64Array(loadSlots);
    this.highestAfter = new Float64Array(loadSlots);
    this.lengths = new Int32Array(routeCount);
    this.reloads = new Int32Array(routeCount);
    this.meters = new Int32Array(routeCount);
    this.seconds = new Int32Array(routeCount);
    this.gaps = new Int32Array(routeCount);
    this.isBroken = new Uint8Array(routeCount);
    this.loads = new Float64Array(routeCount * instance.dimensions);
    for (let route = 0; route < routeCount; route++) this.set(route, []);
  }

  visits(route: number): number[] {
    const begin = route * this.stride + 1;
    return Array.from(this.nodes.subarray(begin, begin + this.lengths[route]!));
  }

  set(route: number, visits: readonly number[]): void {
    this.reserve(visits.length);
    this.nodes.set(visits, route * this.stride + 1);
    this.lengths[route] = visits.length;
    this.refresh(route);
  }

  /**
   * Puts a visit after a slot where it fits, and brings the figures up to date only as far as they
   * change: up to where waiting takes up the delay, and back to where windows close earlier anyway.
   */
  insertFitting(route: number, slot: number, visit: number): void {
    this.insert(route, slot, visit);
    if (this.isBroken[route] === 1 || this.lengths[route] === 1) return this.refresh(route);
    const { space } = this;
    shiftTimes(this, route, slot);
    delayFrom(this, route, slot + 1);
    hurryFrom(this, route, slot + 1);
    addToTotals(this, route, visit);
    if (space.isTimed[route] === 1) refreshParts(this, route);
    if (space.hasLegLoads) refreshLegLoads(this, route);
  }

  /** Puts a node after a slot; the figures are those of the old row until `refresh`. */
  insert(route: number, slot: number, node: number): void {
    const length = this.lengths[route]!;
    this.reserve(length + 1);
    const { nodes, stride } = this;
    const begin = route * stride;
    for (let at = begin + length; at > begin + slot; at--) nodes[at + 1] = nodes[at]!;
    nodes[begin + slot + 1] = node;
    this.lengths[route] = length + 1;
  }

  removeSlot(route: number, slot: number): void {
    const { nodes, stride, lengths } = this;
    const end = route * stride + lengths[route]!;
    for (let at = route * stride + slot; at < end; at++) nodes[at] = nodes[at + 1]!;
    lengths[route]!--;
  }

  /** Makes every row long enough for so many visits. */
  reserve(length: number): void {
    if (length + 2 > this.stride) this.#widen(2 * (length + 2));
  }

  copyFrom(other: RouteRows, route: number): void {
    if (other.stride > this.stride) this.#widen(other.stride);
    else if (this.stride > other.stride) other.#widen(this.stride);
    const { dimensions } = this.space.instance;
    const begin = route * this.stride;
    const end = begin + other.lengths[route]! + 2;
    copySlots(this.nodes, other.nodes, begin, end);
    copySlots(this.departs, other.departs, begin, end);
    copySlots(this.closes, other.closes, begin, end);
    copySlots(this.legMeters, other.legMeters, begin, end);
    if (this.space.isTimed[route] === 1) {
      copySlots(this.headSeconds, other.headSeconds, begin, end);
      copySlots(this.headEarliest, other.headEarliest, begin, end);
      copySlots(this.headLatest, other.headLatest, begin, end);
      copySlots(this.tailSeconds, other.tailSeconds, begin, end);
      copySlots(this.tailEarliest, other.tailEarliest, begin, end);
      copySlots(this.tailLatest, other.tailLatest, begin, end);
    }
    if (this.space.hasLegLoads) {
      copyLoads(this.legLoads, other.legLoads, begin * dimensions, end * dimensions);
      copyLoads(this.highestBefore, other.highestBefore, begin * dimensions, end * dimensions);
      copyLoads(this.highestAfter, other.highestAfter, begin * dimensions, end * dimensions);
    }
    this.lengths[route] = other.lengths[route]!;
    this.reloads[route] = other.reloads[route]!;
    this.meters[route] = other.meters[route]!;
    this.seconds[route] = other.seconds[route]!;
    this.gaps[route] = other.gaps[route]!;
    this.isBroken[route] = other.isBroken[route]!;
    copyLoads(this.loads, other.loads, route * dimensions, (route + 1) * dimensions);
  }

  /** Makes all figures of a row anew after its nodes have changed. */
  refresh(route: number): void {
    const { space } = this;
    this.nodes[route * this.stride] = space.vehicles[route]!.startNode;
    this.nodes[route * this.stride + this.lengths[route]! + 1] = space.endNodes[route]!;
    refreshForwards(this, route);
    refreshBackwards(this, route);
    refreshTotals(this, route);
    if (space.isTimed[route] === 1) refreshParts(this, route);
    if (space.hasLegLoads) refreshLegLoads(this, route);
    const vehicle = space.vehicles[route]!;
    if (
      this.meters[route]! > vehicle.maxDistanceMeters ||
      this.seconds[route]! > vehicle.maxDurationSeconds
    ) {
      this.isBroken[route] = 1;
    }
  }

  #widen(stride: number): void {
    const from = this.stride;
    const { dimensions } = this.space.instance;
    const routeCount = this.lengths.length;
    this.stride = stride;
    for (const key of SLOT_ARRAYS) {
      if (this[key].length > 0) this[key] = widened(this[key], { from, to: stride, routeCount });
    }
    for (const key of LOAD_ARRAYS) {
      const widths = { from: from * dimensions, to: stride * dimensions, routeCount };
      if (this[key].length > 0) {
        const larger = new Float64Array(widths.to * routeCount);
        this[key] = spread(this[key], larger, widths);
      }
    }
  }
}

/** What using an empty route costs beside the way to the visit and back; the way from its start to its end is not driven when it is empty. */
export function openingCostOf({ space, lengths, meters }: RouteRows, route: number): number {
  if (lengths[route] !== 0) return 0;
  const { fixedCost, costPerMeter } = space.vehicles[route]!;
  return fixedCost + meters[route]! * costPerMeter;
}

const SLOT_ARRAYS = [
  'nodes',
  'departs',
  'closes',
  'legMeters',
  'headSeconds',
  'headEarliest',
  'headLatest',
  'tailSeconds',
  'tailEarliest',
  'tailLatest',
] as const;

const LOAD_ARRAYS = ['legLoads', 'highestBefore', 'highestAfter'] as const;

type Widths = { readonly from: number; readonly to: number; readonly routeCount: number };

function widened(rows: Int32Array, widths: Widths): Int32Array {
  return spread(rows, new Int32Array(widths.to * widths.routeCount), widths);
}

function spread<Rows extends Int32Array | Float64Array>(
  rows: Rows,
  larger: Rows,
  { from, to, routeCount }: Widths,
): Rows {
  for (let route = 0; route < routeCount; route++) {
    larger.set(rows.subarray(route * from, (route + 1) * from), route * to);
  }
  return larger;
}

/** Loops: for rows as short as these they are faster than `set` and `subarray`. */
function copySlots(target: Int32Array, source: Int32Array, begin: number, end: number): void {
  for (let at = begin; at < end; at++) target[at] = source[at]!;
}

function copyLoads(target: Float64Array, source: Float64Array, begin: number, end: number): void {
  for (let at = begin; at < end; at++) target[at] = source[at]!;
}
