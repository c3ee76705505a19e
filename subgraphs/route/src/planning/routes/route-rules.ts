import type { Instance, InstanceVehicle } from '../instance/instance.ts';

/** What a route must keep that has nothing to do with time: capabilities, pairs, limits of number and load. */
export class RouteRules {
  readonly #instance: Instance;
  /** By order: the route in which its pickup was last seen, as a number that is never used again. */
  readonly #pickedUpIn: Float64Array;
  #route = 0;

  constructor(instance: Instance) {
    this.#instance = instance;
    this.#pickedUpIn = new Float64Array(instance.orderCount);
  }

  allow(vehicle: InstanceVehicle, nodes: ArrayLike<number>, from: number, to: number): boolean {
    return (
      this.#keepsPairsAndLimits(vehicle, nodes, from, to) && this.haveRoom(vehicle, nodes, from, to)
    );
  }

  /** Loads alone, also of a part of a route. */
  haveRoom(vehicle: InstanceVehicle, nodes: ArrayLike<number>, from: number, to: number): boolean {
    for (let dimension = 0; dimension < this.#instance.dimensions; dimension++) {
      if (!this.#hasRoom(vehicle, nodes, { dimension, from, to })) return false;
    }
    return true;
  }

  #keepsPairsAndLimits(
    vehicle: InstanceVehicle,
    nodes: ArrayLike<number>,
    from: number,
    to: number,
  ): boolean {
    const { visitCount, orderOf, isPickup, pickupOf, deliveryOf } = this.#instance;
    const route = ++this.#route;
    let reloads = 0;
    let onBoard = 0;
    for (let index = from; index < to; index++) {
      const node = nodes[index]!;
      if (node >= visitCount) {
        if (node !== vehicle.reloadNode || ++reloads > vehicle.maxReloads) return false;
        continue;
      }
      const order = orderOf[node]!;
      if (vehicle.isCapable[order] === 0) return false;
      if (pickupOf[order]! < 0 || deliveryOf[order]! < 0) continue;
      if (isPickup[node] === 1) {
        this.#pickedUpIn[order] = route;
        onBoard++;
      } else if (this.#pickedUpIn[order] === route) onBoard--;
      else return false;
    }
    return onBoard === 0 && to - from - reloads <= vehicle.maxVisits;
  }

  /**
   * On every leg of every trip. What is delivered in a trip is on board from its start, which is
   * known at its end only: so loads are counted from what the trip starts with besides.
   */
  #hasRoom(
    vehicle: InstanceVehicle,
    nodes: ArrayLike<number>,
    { dimension, from, to }: { dimension: number; from: number; to: number },
  ): boolean {
    const { visitCount, orderOf, isPickup, pickupOf, deliveryOf, load, dimensions } =
      this.#instance;
    const capacity = vehicle.capacity[dimension]!;
    /** Pairs on board, which stay there through a reload. */
    let carried = 0;
    let delivered = 0;
    let collected = 0;
    /** The highest of carried + collected - delivered in the trip. */
    let peak = 0;
    for (let index = from; index <= to; index++) {
      const node = index < to ? nodes[index]! : visitCount;
      if (node >= visitCount) {
        if (peak + delivered > capacity) return false;
        delivered = collected = 0;
        peak = carried;
        continue;
      }
      const order = orderOf[node]!;
      const amount = load[order * dimensions + dimension]!;
      if (isPickup[node] === 0) {
        if (pickupOf[order]! < 0) delivered += amount;
        else carried -= amount;
        continue;
      }
      if (deliveryOf[order]! < 0) collected += amount;
      else carried += amount;
      const now = carried + collected - delivered;
      if (now > peak) peak = now;
    }
    return true;
  }
}
