import {
  LOAD_DIMENSIONS,
  type InstanceOrder,
  type InstanceVehicle,
  type LoadVector,
} from './instance.ts';
import { earliestStart, latestStart } from './start-window.ts';

/** `position` is the index that the order would have in the route. */
export type Insertion = { readonly position: number; readonly cost: number };

const DEPOT = 0;

/**
 * Ties are common (many firms set no costs at all): a thousandth per kilometre and per quarter of an
 * hour keeps routes short without ever outweighing a real cost.
 */
const TIE_BREAKING_COST = 1e-6;

/**
 * One vehicle's orders, with what is needed to judge an insertion in constant time.
 *
 * Times: visits start as early as they can. Arriving earlier never hurts, because waiting is allowed,
 * so an insertion is feasible when the next visit is still reached by its latest arrival, which is
 * known from the end of the shift backwards; this holds with several windows too.
 *
 * Loads: a delivery rides from the depot to its visit, a pickup from its visit to the depot. So a
 * delivery adds to every leg before it, a pickup to every leg after it, and the highest load before
 * or after a position tells whether there is room.
 *
 * Arrays run over the visits from 0, the depot at the start, to length + 1, the depot at the end.
 */
export class RouteState {
  readonly vehicle: InstanceVehicle;
  readonly orders: InstanceOrder[] = [];
  #places: number[] = [];
  #departures: number[] = [];
  #latestArrivals: number[] = [];
  #arrivals: number[] = [];
  /** Waiting from this visit to the end: what a delay before it is absorbed by. */
  #waitingFrom: number[] = [];
  #highestLoadUntil: Float64Array = new Float64Array(0);
  #highestLoadFrom: Float64Array = new Float64Array(0);

  constructor(vehicle: InstanceVehicle, orders: readonly InstanceOrder[] = []) {
    this.vehicle = vehicle;
    this.orders = [...orders];
    this.#refresh();
  }

  insert(order: InstanceOrder, position: number): void {
    this.orders.splice(position, 0, order);
    this.#refresh();
  }

  without(position: number): RouteState {
    return new RouteState(this.vehicle, this.orders.toSpliced(position, 1));
  }

  /** Not after `without` when the matrix has a detour that is shorter than the direct way. */
  get isInTime(): boolean {
    return this.#arrivals[1]! <= this.#latestArrivals[1]!;
  }

  /** The same orders under other limits, to see what it is that blocks. */
  under(limits: Partial<InstanceVehicle['limits']>): RouteState {
    const { vehicle } = this;
    return new RouteState({ ...vehicle, limits: { ...vehicle.limits, ...limits } }, this.orders);
  }

  cheapestInsertion(order: InstanceOrder): Insertion | null {
    if (!this.vehicle.isCapable[order.index]) return null;
    const closesAt = latestStart(order, Infinity);
    let best = -1;
    let bestCost = Infinity;
    for (let position = 0; position <= this.orders.length; position++) {
      if (this.#departures[position]! > closesAt) break;
      if (!this.hasRoomFor(order, position)) continue;
      const cost = this.#insertionCost(order, position);
      if (cost >= bestCost) continue;
      best = position;
      bestCost = cost;
    }
    return best < 0 ? null : { position: best, cost: bestCost };
  }

  /** Back at the depot, when it leaves at the start of the shift. */
  get endSeconds(): number {
    return this.#arrivals.at(-1)!;
  }

  /** What could still be taken to, or from, the visit at this position. */
  roomAt(order: InstanceOrder, position: number): LoadVector {
    const highest = order.isPickup ? this.#highestLoadFrom : this.#highestLoadUntil;
    const { capacity } = this.vehicle.limits;
    const at = position * LOAD_DIMENSIONS;
    return [
      capacity[0] - highest[at]!,
      capacity[1] - highest[at + 1]!,
      capacity[2] - highest[at + 2]!,
    ];
  }

  hasRoomFor(order: InstanceOrder, position: number): boolean {
    const highest = order.isPickup ? this.#highestLoadFrom : this.#highestLoadUntil;
    const { capacity } = this.vehicle.limits;
    const at = position * LOAD_DIMENSIONS;
    return (
      highest[at]! + order.load[0] <= capacity[0] &&
      highest[at + 1]! + order.load[1] <= capacity[1] &&
      highest[at + 2]! + order.load[2] <= capacity[2]
    );
  }

  /** Infinity when it would come too late, or make a later visit or the end of the shift late. */
  #insertionCost(order: InstanceOrder, position: number): number {
    const { matrix, costPerMeter, costPerSecond, fixedCost } = this.vehicle;
    const { distanceMeters, durationSeconds, size } = matrix;
    const from = this.#places[position]!;
    const to = this.#places[position + 1]!;
    const toOrder = from * size + order.place;
    const fromOrder = order.place * size + to;
    const arrival = this.#departures[position]! + durationSeconds[toOrder]!;
    const start = earliestStart(order, arrival);
    const nextArrival = start + order.serviceSeconds + durationSeconds[fromOrder]!;
    if (!(nextArrival <= this.#latestArrivals[position + 1]!)) return Infinity;
    const meters =
      distanceMeters[toOrder]! + distanceMeters[fromOrder]! - distanceMeters[from * size + to]!;
    const isFirst = position === 0;
    const seconds =
      this.#delayOfEnd(position, nextArrival) -
      (isFirst ? this.#delayOfStart(start - durationSeconds[toOrder]!) : 0);
    return (
      meters * (costPerMeter + TIE_BREAKING_COST) +
      seconds * (costPerSecond + TIE_BREAKING_COST) +
      (this.orders.length === 0 ? fixedCost : 0)
    );
  }

  #delayOfEnd(position: number, nextArrival: number): number {
    const delay = nextArrival - this.#arrivals[position + 1]!;
    return Math.max(0, delay - this.#waitingFrom[position + 1]!);
  }

  /** A vehicle leaves the depot only when it has to for its first visit. */
  #delayOfStart(startSeconds: number): number {
    const present =
      this.orders.length === 0
        ? this.vehicle.limits.shiftStartSeconds
        : this.#arrivals[1]! + this.#waitingFrom[1]! - this.#waitingFrom[2]! - this.#firstLeg();
    return startSeconds - present;
  }

  #firstLeg(): number {
    return this.vehicle.matrix.durationSeconds[this.#places[1]!]!;
  }

  #refresh(): void {
    this.#places = [DEPOT, ...this.orders.map((order) => order.place), DEPOT];
    this.#refreshForwards();
    this.#refreshBackwards();
    this.#refreshLoads();
  }

  #refreshForwards(): void {
    const { matrix, limits } = this.vehicle;
    const last = this.orders.length + 1;
    this.#departures = [limits.shiftStartSeconds];
    this.#arrivals = [limits.shiftStartSeconds];
    for (let at = 1; at <= last; at++) {
      const leg = this.#places[at - 1]! * matrix.size + this.#places[at]!;
      const arrival = this.#departures[at - 1]! + matrix.durationSeconds[leg]!;
      const order = this.orders[at - 1];
      this.#arrivals.push(arrival);
      this.#departures.push(order ? earliestStart(order, arrival) + order.serviceSeconds : arrival);
    }
  }

  #refreshBackwards(): void {
    const { matrix, limits } = this.vehicle;
    const last = this.orders.length + 1;
    this.#latestArrivals = Array.from({ length: last + 1 }, () => limits.shiftEndSeconds);
    this.#waitingFrom = Array.from({ length: last + 1 }, () => 0);
    for (let at = last - 1; at >= 1; at--) {
      const order = this.orders[at - 1]!;
      const leg = order.place * matrix.size + this.#places[at + 1]!;
      const bound =
        this.#latestArrivals[at + 1]! - matrix.durationSeconds[leg]! - order.serviceSeconds;
      this.#latestArrivals[at] = latestStart(order, bound);
      const waiting = this.#departures[at]! - order.serviceSeconds - this.#arrivals[at]!;
      this.#waitingFrom[at] = this.#waitingFrom[at + 1]! + waiting;
    }
  }

  #refreshLoads(): void {
    const legs = this.orders.length + 1;
    this.#highestLoadUntil = new Float64Array(legs * LOAD_DIMENSIONS);
    this.#highestLoadFrom = new Float64Array(legs * LOAD_DIMENSIONS);
    for (let dimension = 0; dimension < LOAD_DIMENSIONS; dimension++) {
      const loads = this.#loadsOnLegs(dimension);
      let highest = 0;
      for (let leg = 0; leg < legs; leg++) {
        highest = Math.max(highest, loads[leg]!);
        this.#highestLoadUntil[leg * LOAD_DIMENSIONS + dimension] = highest;
      }
      highest = 0;
      for (let leg = legs - 1; leg >= 0; leg--) {
        highest = Math.max(highest, loads[leg]!);
        this.#highestLoadFrom[leg * LOAD_DIMENSIONS + dimension] = highest;
      }
    }
  }

  #loadsOnLegs(dimension: number): number[] {
    const load = (order: InstanceOrder) => order.load[dimension]!;
    let onBoard = this.orders
      .filter((order) => !order.isPickup)
      .reduce((sum, order) => sum + load(order), 0);
    const loads = [onBoard];
    for (const order of this.orders) {
      onBoard += order.isPickup ? load(order) : -load(order);
      loads.push(onBoard);
    }
    return loads;
  }
}
