import type { Instance, InstanceVehicle } from './instance.ts';
import type { PresentRoute } from '../problem.ts';
import { RouteRules } from '../routes/route-rules.ts';
import { RouteMeter } from '../routes/route-times.ts';

/** The nodes of a route that stands, as far as they can stay; the first `frozenVisits` of them do in any case. */
export type KeptRoute = {
  readonly nodes: readonly number[];
  readonly frozenVisits: number;
};

/** Takes out of the routes that stand what has become impossible in them: by skill, load or time. */
export class PresentRoutes {
  readonly #instance: Instance;
  readonly #meter: RouteMeter;
  readonly #rules: RouteRules;
  readonly #orderByKey: ReadonlyMap<string, number>;

  constructor(instance: Instance) {
    this.#instance = instance;
    this.#meter = new RouteMeter(instance);
    this.#rules = new RouteRules(instance);
    this.#orderByKey = new Map(instance.problem.orders.map(({ key }, order) => [key, order]));
  }

  /** The visits as they are stated, without asking what is possible. */
  visitsOf(route: PresentRoute): number[] {
    const { pickupOf, deliveryOf } = this.#instance;
    return route.visits.map(({ orderKey, kind }) => {
      const order = this.#orderByKey.get(orderKey) ?? -1;
      return (kind === 'PICKUP' ? pickupOf[order] : deliveryOf[order]) ?? -1;
    });
  }

  /** The same with the reloads that it needs; null when it is not feasible as a whole. */
  withReloads(vehicle: InstanceVehicle, visits: readonly number[]): readonly number[] | null {
    const isFeasible = (nodes: readonly number[]) => this.#meter.measure(vehicle, nodes) < Infinity;
    if (isFeasible(visits)) return visits;
    if (vehicle.reloadNode < 0) return null;
    const nodes = this.#splitIntoTrips(vehicle, visits);
    return isFeasible(nodes) ? nodes : null;
  }

  keep(vehicle: InstanceVehicle, route: PresentRoute): KeptRoute {
    const stated = this.visitsOf(route);
    const frozen = new Set(route.isLocked ? stated : stated.slice(0, route.frozenVisits));
    const nodes =
      this.withReloads(vehicle, stated) ?? this.#keepMostImportant(vehicle, stated, frozen);
    return { nodes, frozenVisits: lengthOfFrozen(nodes, frozen) };
  }

  /** Only the orders with a frozen visit, unless they are feasible only beside the others. */
  keepFrozen(vehicle: InstanceVehicle, route: PresentRoute): KeptRoute {
    const all = this.keep(vehicle, route);
    const { orderOf } = this.#instance;
    const held = new Set(all.nodes.slice(0, all.frozenVisits).map((node) => orderOf[node]));
    const visits = this.visitsOf(route).filter((visit) => held.has(orderOf[visit]));
    const nodes = this.withReloads(vehicle, visits);
    const frozen = new Set(all.nodes.slice(0, all.frozenVisits));
    return nodes ? { nodes, frozenVisits: lengthOfFrozen(nodes, frozen) } : all;
  }

  /** Order by order, the most important first, whatever still fits beside those before it. */
  #keepMostImportant(
    vehicle: InstanceVehicle,
    stated: readonly number[],
    frozen: ReadonlySet<number>,
  ): readonly number[] {
    const { orderOf, problem } = this.#instance;
    const orders = [...new Set(stated.map((visit) => orderOf[visit]!))];
    const isFrozen = new Set([...frozen].map((visit) => orderOf[visit]!));
    const byImportance = orders.toSorted(
      (a, b) =>
        Number(isFrozen.has(b)) - Number(isFrozen.has(a)) ||
        problem.orders[b]!.priority - problem.orders[a]!.priority,
    );
    const kept = new Set<number>();
    let best: readonly number[] = [];
    for (const order of byImportance) {
      kept.add(order);
      const nodes = this.withReloads(
        vehicle,
        stated.filter((visit) => kept.has(orderOf[visit]!)),
      );
      if (nodes) best = nodes;
      else if (!isFrozen.has(order)) kept.delete(order);
    }
    return best;
  }

  /** Reloads as late as the loads allow. */
  #splitIntoTrips(vehicle: InstanceVehicle, visits: readonly number[]): number[] {
    const nodes: number[] = [];
    for (const visit of visits) {
      nodes.push(visit);
      if (nodes.length === 1 || this.#rules.haveRoom(vehicle, nodes, 0, nodes.length)) continue;
      nodes.splice(-1, 0, vehicle.reloadNode);
    }
    return nodes;
  }
}

function lengthOfFrozen(nodes: readonly number[], frozen: ReadonlySet<number>): number {
  return nodes.findLastIndex((node) => frozen.has(node)) + 1;
}
