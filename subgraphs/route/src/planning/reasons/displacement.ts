import type { Instance, InstanceVehicle } from '../instance/instance.ts';
import { detourMeters } from './detour.ts';
import { InsertionFinder } from './insertion-finder.ts';
import { RouteMeter } from '../routes/route-times.ts';

/** An order forced into a route, at the expense of others there. */
export type ForcedInsertion = {
  readonly vehicle: InstanceVehicle;
  /** Orders that have to go; at least one, in the order of the route. */
  readonly displaced: readonly number[];
  /** Of the route afterwards against now. */
  readonly costDelta: number;
};

/** Routes that are looked at, nearest first: the others would be dearer. */
const MAX_ROUTES = 5;

/** When a single one is not enough, so many orders in a row, doubled each time. */
const MAX_DISPLACED = 8;

/** Which orders would have to go for one that has no place. */
export class Displacements {
  readonly #instance: Instance;
  readonly #finder: InsertionFinder;
  readonly #meter: RouteMeter;

  constructor(instance: Instance) {
    this.#instance = instance;
    this.#finder = new InsertionFinder(instance);
    this.#meter = new RouteMeter(instance);
  }

  /**
   * The least harmful: that which leaves out what matters least, then what costs least.
   * @param vehicles Those that could serve the order if they had nothing else to do.
   */
  leastHarmful(
    vehicles: readonly InstanceVehicle[],
    routes: readonly (readonly number[])[],
    order: number,
  ): ForcedInsertion | null {
    const nearest = vehicles
      .map((vehicle) => ({ vehicle, detour: this.#detour(vehicle, routes[vehicle.index]!, order) }))
      .toSorted((a, b) => a.detour - b.detour)
      .slice(0, MAX_ROUTES);
    for (let count = 1; count <= MAX_DISPLACED; count *= 2) {
      const found = nearest.flatMap(({ vehicle }) =>
        this.#withoutInRow(vehicle, routes[vehicle.index]!, order, count),
      );
      if (found.length > 0) return found.reduce((a, b) => (this.#isLess(b, a) ? b : a));
    }
    return null;
  }

  #isLess(a: ForcedInsertion, b: ForcedInsertion): boolean {
    const harm = this.#harm(a) - this.#harm(b);
    return harm === 0 ? a.costDelta < b.costDelta : harm < 0;
  }

  #harm({ displaced }: ForcedInsertion): number {
    return displaced.reduce((sum, order) => sum + this.#instance.penalty[order]!, 0);
  }

  #withoutInRow(
    vehicle: InstanceVehicle,
    nodes: readonly number[],
    order: number,
    count: number,
  ): ForcedInsertion[] {
    const { visitCount, orderOf, isFixed } = this.#instance;
    const frozen = new Set(nodes.slice(0, vehicle.frozenVisits).map((node) => orderOf[node]!));
    const inRoute = nodes.filter((node) => node < visitCount).map((node) => orderOf[node]!);
    const removable = [...new Set(inRoute)].filter(
      (other) => isFixed[other] === 0 && !frozen.has(other),
    );
    const before = this.#meter.measure(vehicle, nodes);
    const found: ForcedInsertion[] = [];
    for (let from = 0; from + count <= removable.length; from++) {
      const displaced = removable.slice(from, from + count);
      const after = this.#costInsteadOf(vehicle, nodes, order, displaced);
      if (after < Infinity) found.push({ vehicle, displaced, costDelta: after - before });
    }
    return found;
  }

  /** Infinity when there is no place even then. */
  #costInsteadOf(
    vehicle: InstanceVehicle,
    nodes: readonly number[],
    order: number,
    displaced: readonly number[],
  ): number {
    const { visitCount, orderOf, pickupOf, deliveryOf } = this.#instance;
    const goes = (node: number) => node < visitCount && displaced.includes(orderOf[node]!);
    const rest = nodes.filter((node) => !goes(node));
    if (pickupOf[order]! >= 0 && deliveryOf[order]! >= 0) {
      const insertion = this.#finder.cheapest(vehicle, rest, order);
      return insertion ? this.#meter.measure(vehicle, insertion.nodes) : Infinity;
    }
    // All positions would be too many to measure: where somebody goes, and where it is on the way.
    const visit = Math.max(pickupOf[order]!, deliveryOf[order]!);
    const freed = nodes.findIndex(goes);
    const positions = [freed, ...this.#shortestDetours(vehicle, rest, visit)];
    const costs = positions
      .filter((at) => at >= vehicle.frozenVisits)
      .map((at) => this.#meter.measure(vehicle, rest.toSpliced(at, 0, visit)));
    return Math.min(Infinity, ...costs);
  }

  #shortestDetours(vehicle: InstanceVehicle, nodes: readonly number[], visit: number): number[] {
    let [first, second] = [-1, -1];
    let [shortest, next] = [Infinity, Infinity];
    for (let at = 0; at <= nodes.length; at++) {
      const detour = this.#detourAt(vehicle, nodes, visit, at);
      if (detour < shortest) [first, second, shortest, next] = [at, first, detour, shortest];
      else if (detour < next) [second, next] = [at, detour];
    }
    return [first, second];
  }

  /** Of its first visit, wherever it is shortest; good for comparing routes. */
  #detour(vehicle: InstanceVehicle, nodes: readonly number[], order: number): number {
    const { pickupOf, deliveryOf } = this.#instance;
    const visit = pickupOf[order]! >= 0 ? pickupOf[order]! : deliveryOf[order]!;
    const [at] = this.#shortestDetours(vehicle, nodes, visit);
    return this.#detourAt(vehicle, nodes, visit, at!);
  }

  #detourAt(vehicle: InstanceVehicle, nodes: readonly number[], visit: number, at: number): number {
    const { nodeCount } = this.#instance;
    return detourMeters(vehicle, nodes, { visit, at, nodeCount });
  }
}
