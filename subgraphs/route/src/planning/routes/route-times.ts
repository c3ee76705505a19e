import { BreakWalk } from './break-walk.ts';
import type { Instance, InstanceVehicle } from '../instance/instance.ts';
import { RouteClock, timeCost } from './route-clock.ts';
import { RouteRules } from './route-rules.ts';

/**
 * The one rule for the times and the cost of a route: the searches are led by it, and what they find
 * is written out with it.
 *
 * Visits start as early as they can; arriving earlier never hurts, because waiting is allowed. Then
 * the vehicle leaves later by as much as that saves waiting, so that it is back no later, but only so
 * far that `SPARED_SLACK_SECONDS` are left before the end of each window: a plan without any slack
 * breaks its promises at the first red light. A limit on the duration may use up that slack too.
 * Where a visit has several windows, later departures that lead to a later one are tried as well.
 *
 * Measures into its own fields, so that a search can ask millions of times without leaving garbage.
 */
export class RouteMeter {
  /** Of the route that was last measured and found feasible. */
  cost = 0;
  meters = 0;
  startSeconds = 0;
  endSeconds = 0;
  lateSeconds = 0;
  /** Where each break of the vehicle is taken: see `BreakWalk`. Only for a vehicle with breaks. */
  readonly breakPositions: Int32Array;
  readonly #instance: Instance;
  readonly #rules: RouteRules;
  readonly #breaks: BreakWalk;
  readonly #clock = new RouteClock();
  readonly #best = new RouteClock();

  constructor(instance: Instance) {
    this.#instance = instance;
    this.#rules = new RouteRules(instance);
    this.#breaks = new BreakWalk(instance);
    this.breakPositions = this.#breaks.bestPositions;
  }

  /**
   * @param nodes The visits and reloads of the vehicle from `from` on and before `to`.
   * @returns What the route costs by the problem's objectives; Infinity when it is not feasible.
   * Whether frozen visits and fixed orders are in their places is not looked at.
   */
  measure(
    vehicle: InstanceVehicle,
    nodes: ArrayLike<number>,
    from: number = 0,
    to: number = nodes.length,
  ): number {
    if (to <= from) return this.#measureEmpty(vehicle);
    if (!this.#rules.allow(vehicle, nodes, from, to)) return Infinity;
    this.meters = this.#countMeters(vehicle, nodes, from, to);
    if (this.meters > vehicle.maxDistanceMeters) return Infinity;
    const clock =
      vehicle.breaks.length > 0
        ? this.#breaks.walk(vehicle, nodes, from, to)
        : this.#walk(vehicle, nodes, from, to);
    if (clock === null) return Infinity;
    this.startSeconds = clock.startSeconds + clock.departureDelay(vehicle.maxDurationSeconds);
    this.endSeconds = clock.nowSeconds;
    this.lateSeconds = clock.lateSeconds;
    this.cost =
      vehicle.fixedCost +
      this.meters * vehicle.costPerMeter +
      timeCost(this.#instance, vehicle, clock);
    return this.cost;
  }

  #measureEmpty(vehicle: InstanceVehicle): number {
    this.cost = this.meters = this.lateSeconds = 0;
    this.startSeconds = this.endSeconds = vehicle.shiftStartSeconds;
    return 0;
  }

  #countMeters(vehicle: InstanceVehicle, nodes: ArrayLike<number>, from: number, to: number) {
    const { nodeCount } = this.#instance;
    const { meters } = vehicle.matrix;
    let previous = vehicle.startNode;
    let sum = 0;
    for (let index = from; index < to; index++) {
      const node = nodes[index]!;
      sum += meters[previous * nodeCount + node]!;
      previous = node;
    }
    return vehicle.endNode < 0 ? sum : sum + meters[previous * nodeCount + vehicle.endNode]!;
  }

  /** The cheapest of the walks that leave as early as possible, or so late that later windows are kept. */
  #walk(
    vehicle: InstanceVehicle,
    nodes: ArrayLike<number>,
    from: number,
    to: number,
  ): RouteClock | null {
    const clock = this.#clock;
    let cheapest = Infinity;
    for (let start = vehicle.shiftStartSeconds; start < Infinity; start = clock.laterStartSeconds) {
      clock.reset(start);
      if (!this.#comesBack(vehicle, nodes, from, to)) break;
      if (!clock.keepsDuration(vehicle.maxDurationSeconds)) continue;
      const cost = timeCost(this.#instance, vehicle, clock);
      if (cost >= cheapest) continue;
      cheapest = cost;
      this.#best.copy(clock);
    }
    return cheapest === Infinity ? null : this.#best;
  }

  /** Sets the clock to the end of the route; false when a window or the shift is over before. */
  #comesBack(
    vehicle: InstanceVehicle,
    nodes: ArrayLike<number>,
    from: number,
    to: number,
  ): boolean {
    const instance = this.#instance;
    const { nodeCount } = instance;
    const { seconds } = vehicle.matrix;
    const clock = this.#clock;
    let previous = vehicle.startNode;
    for (let index = from; index < to; index++) {
      const node = nodes[index]!;
      clock.nowSeconds += seconds[previous * nodeCount + node]!;
      if (!clock.serve(instance, vehicle, node)) return false;
      previous = node;
    }
    if (vehicle.endNode >= 0) clock.nowSeconds += seconds[previous * nodeCount + vehicle.endNode]!;
    return clock.nowSeconds <= vehicle.shiftEndSeconds;
  }
}
