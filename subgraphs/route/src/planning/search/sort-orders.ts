import type { Random } from '../random.ts';
import type { SearchSpace } from './search-space.ts';

/** The sequences in which orders are put in, drawn at random by their weights. */
export class SortOrders {
  readonly #random: Random;
  readonly #rules: readonly { readonly weight: number; readonly keys: Float64Array }[];
  readonly #weightSum: number;
  readonly #randomKeys: Float64Array;

  constructor(space: SearchSpace, random: Random) {
    this.#random = random;
    this.#rules = sortRules(space);
    this.#weightSum = this.#rules.reduce((sum, { weight }) => sum + weight, RANDOM_WEIGHT);
    this.#randomKeys = new Float64Array(space.instance.orderCount);
  }

  sort(orders: Int32Array, count: number): void {
    const keys = this.#drawKeys(orders, count);
    for (let index = 1; index < count; index++) {
      const order = orders[index]!;
      const key = keys[order]!;
      let at = index - 1;
      for (; at >= 0 && keys[orders[at]!]! > key; at--) orders[at + 1] = orders[at]!;
      orders[at + 1] = order;
    }
  }

  /** Smallest key first. */
  #drawKeys(orders: Int32Array, count: number): Float64Array {
    let draw = this.#random() * this.#weightSum;
    for (const { weight, keys } of this.#rules) {
      draw -= weight;
      if (draw < 0) return keys;
    }
    for (let index = 0; index < count; index++) this.#randomKeys[orders[index]!] = this.#random();
    return this.#randomKeys;
  }
}

const RANDOM_WEIGHT = 4;

/** Weights of Christiaens and Vanden Berghe; rules about windows are left out when nobody asks for one. */
function sortRules(space: SearchSpace) {
  const { instance, opens, closes, firstVisit, penaltyLevels } = space;
  const by = (weight: number, keyOf: (order: number) => number) => ({
    weight,
    keys: Float64Array.from({ length: instance.orderCount }, (_, order) => keyOf(order)),
  });
  const opensAt = (order: number) => opens[firstVisit[order]!]!;
  const closesAt = (order: number) => closes[firstVisit[order]!]!;
  const depotMeters = depotDistances(space);
  const rules = [
    by(4, (order) => -shareOfCapacity(space, order)),
    by(2, (order) => -depotMeters[order]!),
    by(1, (order) => depotMeters[order]!),
  ];
  if (penaltyLevels.length > 1) rules.push(by(4, (order) => -instance.penalty[order]!));
  const hasWindows = firstVisit.some((visit) => opens[visit]! > OPEN_ALL_DAY);
  if (!hasWindows) return rules;
  return [
    ...rules,
    by(2, (order) => closesAt(order) - opensAt(order)),
    by(2, opensAt),
    by(2, (order) => -closesAt(order)),
  ];
}

const OPEN_ALL_DAY = -1e7;

/** In the dimension where it is largest. */
function shareOfCapacity({ instance, vehicles }: SearchSpace, order: number): number {
  const { dimensions, load } = instance;
  let largest = 0;
  for (let dimension = 0; dimension < dimensions; dimension++) {
    const capacity = Math.max(...vehicles.map((vehicle) => vehicle.capacity[dimension]!));
    if (capacity > 0) largest = Math.max(largest, load[order * dimensions + dimension]! / capacity);
  }
  return largest;
}

/** From the nearest start of a vehicle. */
function depotDistances({ instance, vehicles, arcs, firstVisit }: SearchSpace): Float64Array {
  const distances = new Float64Array(instance.orderCount).fill(Infinity);
  const seen = new Set<number>();
  for (const [index, { startNode }] of vehicles.entries()) {
    if (seen.has(startNode)) continue;
    seen.add(startNode);
    const { size, metersFrom } = arcs[index]!;
    for (let order = 0; order < instance.orderCount; order++) {
      const meters = metersFrom[startNode * size + firstVisit[order]!]!;
      if (meters < distances[order]!) distances[order] = meters;
    }
  }
  return distances;
}
