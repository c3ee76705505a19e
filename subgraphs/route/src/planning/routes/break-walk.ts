import type { Instance, InstanceVehicle } from '../instance/instance.ts';
import { MAX_BREAKS, type PlanningBreak } from '../problem.ts';
import { RouteClock, timeCost } from './route-clock.ts';
import { serviceStart } from './service-start.ts';

/** The break is taken off the road, or not needed. */
export const NOT_TAKEN = -1;

/**
 * The times of a route whose vehicle has breaks.
 *
 * Along the route it knows, for each number of breaks that are dealt with, the earliest time at which
 * the vehicle can be there: a break is taken before it leaves a visit, or on arrival at the next,
 * before setup. To leave only when a break is over, or when a visit is made in its next window, may make
 * a route possible or save waiting, and is tried then; nobody leaves later only to go without a break.
 */
export class BreakWalk {
  /**
   * Of the walk that was returned last, by break: twice the index of the leg, counted from the way to
   * the first node, plus 1 when the break is taken on arrival and not before leaving; or `NOT_TAKEN`.
   */
  readonly bestPositions = new Int32Array(MAX_BREAKS);
  readonly #instance: Instance;
  readonly #states = Array.from({ length: MAX_BREAKS + 1 }, () => new RouteClock());
  /** By state, then by break. */
  readonly #positions = new Int32Array((MAX_BREAKS + 1) * MAX_BREAKS);
  readonly #best = new RouteClock();
  #bestCost = Infinity;
  /** When leaving later may be better than the last walk. */
  #laterStartSeconds = Infinity;

  constructor(instance: Instance) {
    this.#instance = instance;
  }

  /** The best of the walks; null when none of them is feasible. */
  walk(
    vehicle: InstanceVehicle,
    nodes: ArrayLike<number>,
    from: number,
    to: number,
  ): RouteClock | null {
    this.#bestCost = Infinity;
    this.#walkFromAndLater(vehicle.shiftStartSeconds, vehicle, nodes, from, to);
    // Without waiting nothing is gained by a later start.
    if (this.#bestCost < Infinity && this.#best.waitedSeconds === 0) return this.#best;
    for (const { earliestStartSeconds, durationSeconds } of vehicle.breaks) {
      const start = earliestStartSeconds + durationSeconds;
      if (start <= vehicle.shiftStartSeconds || start > vehicle.shiftEndSeconds) continue;
      this.#walkFromAndLater(start, vehicle, nodes, from, to);
    }
    return this.#bestCost === Infinity ? null : this.#best;
  }

  #walkFromAndLater(
    startSeconds: number,
    vehicle: InstanceVehicle,
    nodes: ArrayLike<number>,
    from: number,
    to: number,
  ): void {
    for (let start = startSeconds; start < Infinity; start = this.#laterStartSeconds) {
      this.#laterStartSeconds = Infinity;
      this.#walkFrom(start, vehicle, nodes, from, to);
    }
  }

  #walkFrom(
    startSeconds: number,
    vehicle: InstanceVehicle,
    nodes: ArrayLike<number>,
    from: number,
    to: number,
  ): void {
    const { nodeCount, setupSeconds, place } = this.#instance;
    const { breaks, matrix, startNode, endNode } = vehicle;
    for (const state of this.#states) state.reset(Infinity);
    this.#states[0]!.reset(startSeconds);
    this.#positions.fill(NOT_TAKEN);
    let previous = startNode;
    for (let index = from; index < to; index++) {
      const node = nodes[index]!;
      const position = 2 * (index - from);
      const setup = place[previous] === place[node] ? 0 : setupSeconds[node]!;
      const drive = matrix.seconds[previous * nodeCount + node]! - setup;
      if (index > from) this.#pause(vehicle, position, drive, -1);
      this.#pass(breaks.length, drive);
      this.#pause(vehicle, position + 1, setup, node);
      this.#pass(breaks.length, setup);
      if (!this.#serve(vehicle, node)) return;
      previous = node;
    }
    if (endNode >= 0) {
      const drive = matrix.seconds[previous * nodeCount + endNode]!;
      this.#pause(vehicle, 2 * (to - from), drive, -1);
      this.#pass(breaks.length, drive);
    }
    for (let dealtWith = 0; dealtWith <= breaks.length; dealtWith++) {
      this.#keepIfBest(vehicle, dealtWith);
    }
  }

  /**
   * Takes the next break here, or has it behind, where that is earlier than what was known. Nobody
   * waits for a break that does not begin before the next opportunity: that is after `seconds`, and
   * after service where `node` says so.
   */
  #pause(vehicle: InstanceVehicle, position: number, seconds: number, node: number): void {
    const { breaks } = vehicle;
    for (let index = 0; index < breaks.length; index++) {
      const before = this.#states[index]!;
      const after = this.#states[index + 1]!;
      if (before.nowSeconds === Infinity) continue;
      const pause = breaks[index]!;
      const isOffRoad = isBeforeRoute(pause, before);
      const next = this.#doneAt(vehicle, before.nowSeconds + seconds, node);
      if (!isOffRoad && next <= pause.earliestStartSeconds) continue;
      const start = Math.max(before.nowSeconds, pause.earliestStartSeconds);
      if (!isOffRoad && start > pause.latestStartSeconds) continue;
      const end = isOffRoad ? before.nowSeconds : start + pause.durationSeconds;
      if (end >= after.nowSeconds) continue;
      after.copy(before);
      if (!isOffRoad) after.pause(start, pause.latestStartSeconds, pause.durationSeconds);
      this.#positions.copyWithin(
        (index + 1) * MAX_BREAKS,
        index * MAX_BREAKS,
        index * MAX_BREAKS + index,
      );
      this.#positions[(index + 1) * MAX_BREAKS + index] = isOffRoad ? NOT_TAKEN : position;
    }
  }

  /** When the service or reload is over that is ready to begin; without a node, at once. */
  #doneAt(vehicle: InstanceVehicle, readySeconds: number, node: number): number {
    const instance = this.#instance;
    if (node < 0) return readySeconds;
    if (node >= instance.visitCount) return readySeconds + vehicle.reloadSeconds;
    return serviceStart(instance, node, readySeconds) + instance.serviceSeconds[node]!;
  }

  #pass(breakCount: number, seconds: number): void {
    for (let state = 0; state <= breakCount; state++) this.#states[state]!.nowSeconds += seconds;
  }

  /** False when it is too late in every state. */
  #serve(vehicle: InstanceVehicle, node: number): boolean {
    let isPossible = false;
    for (let index = 0; index <= vehicle.breaks.length; index++) {
      const state = this.#states[index]!;
      if (state.nowSeconds === Infinity) continue;
      if (state.serve(this.#instance, vehicle, node)) isPossible = true;
      else state.nowSeconds = Infinity;
    }
    return isPossible;
  }

  #keepIfBest(vehicle: InstanceVehicle, dealtWith: number): void {
    const state = this.#states[dealtWith]!;
    if (state.nowSeconds > vehicle.shiftEndSeconds) return;
    this.#laterStartSeconds = Math.min(this.#laterStartSeconds, state.laterStartSeconds);
    if (!state.keepsDuration(vehicle.maxDurationSeconds)) return;
    for (let index = dealtWith; index < vehicle.breaks.length; index++) {
      const left = vehicle.breaks[index]!;
      if (state.nowSeconds > left.latestStartSeconds && !isBeforeRoute(left, state)) return;
    }
    const cost = timeCost(this.#instance, vehicle, state);
    if (cost >= this.#bestCost) return;
    this.#bestCost = cost;
    this.#best.copy(state);
    this.bestPositions.fill(NOT_TAKEN);
    for (let index = 0; index < dealtWith; index++) {
      this.bestPositions[index] = this.#positions[dealtWith * MAX_BREAKS + index]!;
    }
  }
}

/** The route starts so late that the break is over by then. */
function isBeforeRoute(pause: PlanningBreak, { startSeconds }: RouteClock): boolean {
  return startSeconds >= pause.earliestStartSeconds + pause.durationSeconds;
}
