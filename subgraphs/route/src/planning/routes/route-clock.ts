import type { Instance, InstanceVehicle } from '../instance/instance.ts';
import { WINDOW_STRIDE } from '../instance/nodes.ts';
import { hasLaterWindow, lateness, serviceStart, slackAfter } from './service-start.ts';

/** Room that is left before the end of a window when a vehicle leaves later to wait less. */
export const SPARED_SLACK_SECONDS = 15 * 60;

/** How far a route has come when everything starts as early as it can, and how much later it could have left. */
export class RouteClock {
  startSeconds = 0;
  nowSeconds = 0;
  lateSeconds = 0;
  waitedSeconds = 0;
  /** By so much it can leave later and still keep every window with slack to spare. */
  spareDelay = Infinity;
  /** The same to the last second. */
  utmostDelay = Infinity;
  /** The visit that allows no more than that has another window behind the one that is kept. */
  #mayTakeLaterWindow = false;

  reset(startSeconds: number): void {
    this.startSeconds = this.nowSeconds = startSeconds;
    this.lateSeconds = this.waitedSeconds = 0;
    this.spareDelay = this.utmostDelay = Infinity;
    this.#mayTakeLaterWindow = false;
  }

  copy(other: RouteClock): void {
    this.startSeconds = other.startSeconds;
    this.nowSeconds = other.nowSeconds;
    this.lateSeconds = other.lateSeconds;
    this.waitedSeconds = other.waitedSeconds;
    this.spareDelay = other.spareDelay;
    this.utmostDelay = other.utmostDelay;
    this.#mayTakeLaterWindow = other.#mayTakeLaterWindow;
  }

  /** From being ready at the node to the end of service; false when it is too late for it. */
  serve(instance: Instance, vehicle: InstanceVehicle, node: number): boolean {
    if (node >= instance.visitCount) {
      this.nowSeconds += vehicle.reloadSeconds;
      return this.nowSeconds <= vehicle.shiftEndSeconds;
    }
    if (instance.windowCount[node] === 1) return this.#serveInWindow(instance, vehicle, node);
    const start = serviceStart(instance, node, this.nowSeconds);
    // Also when it is Infinity.
    if (start > vehicle.shiftEndSeconds) return false;
    const { costPerLateSecond } = instance;
    this.lateSeconds += costPerLateSecond === null ? 0 : lateness(instance, node, start);
    const before = this.utmostDelay;
    this.#startAt(start, slackAfter(instance, node, start), SPARED_SLACK_SECONDS);
    if (this.utmostDelay < before) {
      this.#mayTakeLaterWindow =
        costPerLateSecond === null && hasLaterWindow(instance, node, start);
    }
    this.nowSeconds += instance.serviceSeconds[node]!;
    return this.nowSeconds <= vehicle.shiftEndSeconds;
  }

  /** The same for a single window, which most visits have. */
  #serveInWindow(instance: Instance, vehicle: InstanceVehicle, node: number): boolean {
    const first = instance.windowFirst[node * WINDOW_STRIDE]!;
    const last = instance.windowLast[node * WINDOW_STRIDE]!;
    const start = this.nowSeconds < first ? first : this.nowSeconds;
    if (start > last) {
      if (instance.costPerLateSecond === null) return false;
      this.lateSeconds += start - last;
    }
    this.#startAt(start, start > last ? 0 : last - start, SPARED_SLACK_SECONDS);
    this.nowSeconds += instance.serviceSeconds[node]!;
    return this.nowSeconds <= vehicle.shiftEndSeconds;
  }

  /** A break that starts as early as it can. */
  pause(startSeconds: number, latestStartSeconds: number, durationSeconds: number): void {
    this.#startAt(startSeconds, latestStartSeconds - startSeconds, 0);
    this.nowSeconds += durationSeconds;
  }

  /**
   * The next departure at which a visit is made in a later window, where that may save waiting;
   * Infinity when there is none.
   */
  get laterStartSeconds(): number {
    const isWorthwhile = this.#mayTakeLaterWindow && this.utmostDelay < this.waitedSeconds;
    return isWorthwhile ? this.startSeconds + this.utmostDelay + 1 : Infinity;
  }

  keepsDuration(maxSeconds: number): boolean {
    const shortest = this.nowSeconds - this.startSeconds - this.#longestDelay();
    return shortest <= maxSeconds;
  }

  /** How much later the vehicle leaves than it could; more than spares the slack only when the limit wants it. */
  departureDelay(maxDurationSeconds: number): number {
    const spared = Math.min(this.spareDelay, this.waitedSeconds);
    const needed = this.nowSeconds - this.startSeconds - maxDurationSeconds;
    return Math.min(Math.max(spared, needed), this.#longestDelay());
  }

  /** What was waited before is a delay that is not felt here. */
  #startAt(startSeconds: number, slackSeconds: number, sparedSeconds: number): void {
    const waited = this.waitedSeconds + startSeconds - this.nowSeconds;
    this.waitedSeconds = waited;
    this.nowSeconds = startSeconds;
    if (waited + slackSeconds < this.utmostDelay) {
      this.utmostDelay = waited + slackSeconds;
      this.#mayTakeLaterWindow = false;
    }
    const spare = slackSeconds > sparedSeconds ? waited + slackSeconds - sparedSeconds : waited;
    if (spare < this.spareDelay) this.spareDelay = spare;
  }

  #longestDelay(): number {
    return Math.min(this.utmostDelay, this.waitedSeconds);
  }
}

/** The part of a route's cost that its times decide. */
export function timeCost(
  { costPerLateSecond }: Instance,
  vehicle: InstanceVehicle,
  clock: RouteClock,
): number {
  const delay = clock.departureDelay(vehicle.maxDurationSeconds);
  const seconds = clock.nowSeconds - clock.startSeconds - delay;
  return (
    seconds * (vehicle.costPerSecond + seconds * vehicle.costPerSquaredSecond) +
    clock.lateSeconds * (costPerLateSecond ?? 0)
  );
}
