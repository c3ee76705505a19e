import type { Instance, InstanceVehicle } from '../instance/instance.ts';
import { OPEN, WINDOW_STRIDE } from '../instance/nodes.ts';
import { RouteMeter } from '../routes/route-times.ts';
import { serviceStart } from '../routes/service-start.ts';
import { detourMeters } from './detour.ts';

/** An order in a route that was without it. */
export type Insertion = {
  readonly vehicle: InstanceVehicle;
  /** Visits and reloads, the order's own included. */
  readonly nodes: readonly number[];
  /** What it adds to the route, by the problem's objectives. */
  readonly cost: number;
  readonly meters: number;
};

/**
 * Puts one more order into routes that otherwise stay as they are. What it finds is measured by the
 * exact walk; bounds that know nothing of breaks and loads spare most of the walks.
 */
export class InsertionFinder {
  readonly #instance: Instance;
  readonly #meter: RouteMeter;
  #nodes = new Int32Array(64);
  /** By position: when the vehicle can leave what is before it at the earliest. */
  #departures = new Float64Array(64);
  /** By position: when it has to be ready at what is after it at the latest. */
  #deadlines = new Float64Array(64);

  /** @param instance Its windows may change between calls. */
  constructor(instance: Instance) {
    this.#instance = instance;
    this.#meter = new RouteMeter(instance);
  }

  /**
   * @param nodes A feasible route of the vehicle.
   * @param below Somebody else does it for so much: dearer ways and trips more are not looked for.
   */
  cheapest(
    vehicle: InstanceVehicle,
    nodes: readonly number[],
    order: number,
    below: number = Infinity,
  ): Insertion | null {
    return this.#find({ vehicle, nodes, order, below, isFirstEnough: false });
  }

  /** Any place will do: quicker than the cheapest. */
  fits(vehicle: InstanceVehicle, nodes: readonly number[], order: number): boolean {
    return this.#find({ vehicle, nodes, order, below: Infinity, isFirstEnough: true }) !== null;
  }

  #find(wanted: Wanted): Insertion | null {
    const { vehicle, nodes, order } = wanted;
    if (vehicle.isCapable[order] === 0) return null;
    const baseCost = this.#meter.measure(vehicle, nodes);
    if (baseCost === Infinity) return null;
    const { pickupOf, deliveryOf } = this.#instance;
    const [pickup, delivery] = [pickupOf[order]!, deliveryOf[order]!];
    const mayShorten = this.#mayShorten(vehicle, nodes, [pickup, delivery]);
    const attempt = new Attempt(baseCost, this.#meter.meters, mayShorten);
    this.#bound(vehicle, nodes);
    if (pickup >= 0 && delivery >= 0) this.#tryPair(wanted, attempt, [pickup, delivery]);
    else this.#trySingle(wanted, attempt, Math.max(pickup, delivery));
    const { best } = attempt;
    return best && { vehicle, nodes: best.nodes, cost: best.cost, meters: best.meters };
  }

  #trySingle(wanted: Wanted, attempt: Attempt, visit: number): void {
    const { vehicle, nodes, isFirstEnough } = wanted;
    const { reloadNode } = vehicle;
    for (let at = vehicle.frozenVisits; at <= nodes.length; at++) {
      if (!this.#mayBeat(attempt, wanted, visit, at) || !this.#mayVisit(wanted, visit, at))
        continue;
      this.#measure(wanted, attempt, [[at, visit]]);
      if (isFirstEnough && attempt.best) return;
    }
    if (attempt.best || reloadNode < 0 || wanted.below < Infinity) return;
    // Only when nothing else will do: a trip more. No bound holds beside a reload, which may spare setup.
    for (let at = vehicle.frozenVisits; at <= nodes.length; at++) {
      this.#measure(wanted, attempt, [
        [at, reloadNode],
        [at, visit],
      ]);
      this.#measure(wanted, attempt, [
        [at, visit],
        [at, reloadNode],
      ]);
      if (isFirstEnough && attempt.best) return;
    }
  }

  #tryPair(wanted: Wanted, attempt: Attempt, [pickup, delivery]: [number, number]): void {
    const { vehicle, nodes, isFirstEnough } = wanted;
    for (let first = vehicle.frozenVisits; first <= nodes.length; first++) {
      if (!this.#mayBeat(attempt, wanted, pickup, first)) continue;
      // Right after the pickup comes its delivery, or what came there before.
      if (!this.#mayVisit(wanted, pickup, first, { isLast: true })) continue;
      const mayPass = this.#mayVisit(wanted, pickup, first);
      for (let second = first; second <= nodes.length; second++) {
        if (second > first && !mayPass) break;
        if (!this.#mayVisit(wanted, delivery, second)) continue;
        this.#measure(wanted, attempt, [
          [first, pickup],
          [second, delivery],
        ]);
        if (isFirstEnough && attempt.best) return;
      }
    }
  }

  /** @param added Nodes with the position before which they come, in the order of the route. */
  #measure(
    { vehicle, nodes }: Wanted,
    attempt: Attempt,
    added: readonly (readonly [number, number])[],
  ): void {
    const length = nodes.length + added.length;
    if (length > this.#nodes.length) this.#nodes = new Int32Array(2 * length);
    const buffer = this.#nodes;
    let next = 0;
    let at = 0;
    for (let position = 0; position <= nodes.length; position++) {
      while (next < added.length && added[next]![0] === position) buffer[at++] = added[next++]![1];
      if (position < nodes.length) buffer[at++] = nodes[position]!;
    }
    const cost = this.#meter.measure(vehicle, buffer, 0, length);
    if (cost < Infinity) attempt.offer(buffer, length, { cost, meters: this.#meter.meters });
  }

  /**
   * Time may become less by one more visit: when it spares the next its setup, or where there are
   * breaks, windows to choose from or windows that may be missed.
   */
  #mayShorten(
    vehicle: InstanceVehicle,
    nodes: readonly number[],
    visits: readonly number[],
  ): boolean {
    const { costPerLateSecond, place, setupSeconds, windowCount } = this.#instance;
    if (vehicle.breaks.length > 0 || costPerLateSecond !== null) return true;
    const places = new Set(visits.map((visit) => place[visit]));
    return nodes.some(
      (node) => windowCount[node]! > 1 || (setupSeconds[node]! > 0 && places.has(place[node])),
    );
  }

  /** Ways alone cost so much, and time comes on top. */
  #mayBeat(attempt: Attempt, wanted: Wanted, visit: number, at: number): boolean {
    const { vehicle, nodes, below } = wanted;
    const bound = Math.min(below, attempt.best?.cost ?? Infinity);
    if (bound === Infinity || attempt.mayShorten) return true;
    const fixedCost = nodes.length === 0 ? vehicle.fixedCost : 0;
    return fixedCost + this.#detour(wanted, visit, at) * vehicle.costPerMeter < bound;
  }

  #detour({ vehicle, nodes }: Wanted, visit: number, at: number): number {
    const { nodeCount } = this.#instance;
    return detourMeters(vehicle, nodes, { visit, at, nodeCount });
  }

  /** False when it cannot be in time, whatever the breaks. */
  #mayVisit(
    { vehicle, nodes }: Wanted,
    visit: number,
    at: number,
    { isLast = false }: { isLast?: boolean } = {},
  ): boolean {
    const { nodeCount, serviceSeconds } = this.#instance;
    const { seconds } = vehicle.matrix;
    const previous = at === 0 ? vehicle.startNode : nodes[at - 1]!;
    const ready = this.#departures[at]! + seconds[previous * nodeCount + visit]!;
    const done = serviceStart(this.#instance, visit, ready) + serviceSeconds[visit]!;
    if (isLast) return done <= vehicle.shiftEndSeconds;
    const next = at === nodes.length ? vehicle.endNode : nodes[at]!;
    const leg = next < 0 ? 0 : seconds[visit * nodeCount + next]!;
    return done + leg <= this.#deadlines[at]!;
  }

  #bound(vehicle: InstanceVehicle, nodes: readonly number[]): void {
    const { nodeCount } = this.#instance;
    const { seconds } = vehicle.matrix;
    const { length } = nodes;
    if (length >= this.#departures.length) {
      this.#departures = new Float64Array(2 * length + 2);
      this.#deadlines = new Float64Array(2 * length + 2);
    }
    this.#departures[0] = vehicle.shiftStartSeconds;
    let previous = vehicle.startNode;
    for (let at = 0; at < length; at++) {
      const node = nodes[at]!;
      const ready = this.#departures[at]! + seconds[previous * nodeCount + node]!;
      const start = serviceStart(this.#instance, node, ready);
      this.#departures[at + 1] = start + this.#stay(vehicle, node);
      previous = node;
    }
    this.#deadlines[length] = vehicle.shiftEndSeconds;
    for (let at = length - 1; at >= 0; at--) {
      const node = nodes[at]!;
      const next = at + 1 === length ? vehicle.endNode : nodes[at + 1]!;
      const leg = next < 0 ? 0 : seconds[node * nodeCount + next]!;
      const deadline = this.#deadlines[at + 1]! - leg - this.#stay(vehicle, node);
      this.#deadlines[at] = Math.min(deadline, this.#closesAt(node));
    }
  }

  #stay({ reloadSeconds }: InstanceVehicle, node: number): number {
    const { visitCount, serviceSeconds } = this.#instance;
    return node >= visitCount ? reloadSeconds : serviceSeconds[node]!;
  }

  #closesAt(node: number): number {
    const { costPerLateSecond, windowCount, windowLast } = this.#instance;
    if (costPerLateSecond !== null) return OPEN;
    return windowLast[node * WINDOW_STRIDE + windowCount[node]! - 1]!;
  }
}

type Wanted = {
  readonly vehicle: InstanceVehicle;
  readonly nodes: readonly number[];
  readonly order: number;
  readonly below: number;
  readonly isFirstEnough: boolean;
};

/** The best that has been found so far for one order in one route. */
class Attempt {
  best: { nodes: number[]; cost: number; meters: number } | null = null;
  readonly #baseCost: number;
  readonly #baseMeters: number;
  readonly mayShorten: boolean;

  constructor(baseCost: number, baseMeters: number, mayShorten: boolean) {
    this.mayShorten = mayShorten;
    this.#baseCost = baseCost;
    this.#baseMeters = baseMeters;
  }

  offer(buffer: Int32Array, length: number, measured: { cost: number; meters: number }): void {
    const cost = measured.cost - this.#baseCost;
    if (this.best && cost >= this.best.cost) return;
    const nodes = Array.from(buffer.subarray(0, length));
    this.best = { nodes, cost, meters: measured.meters - this.#baseMeters };
  }
}
