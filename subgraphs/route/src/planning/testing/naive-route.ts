import type { PlanningBreak, PlanningProblem, PlanningVehicle, PlanningVisit } from '../problem.ts';
import { providerOf } from '../travel/provider-of.ts';

/** A visit, or the reload of the vehicle. */
export type NaiveStop = PlanningVisit | 'RELOAD';

/**
 * Whether hard windows, shift and breaks leave a way to make these stops one after the other, found by
 * trying every way to take the breaks; for tests only.
 */
export function isInTime(
  problem: PlanningProblem,
  vehicle: PlanningVehicle,
  stops: readonly NaiveStop[],
): boolean {
  const starts = [
    vehicle.shiftStartSeconds,
    ...vehicle.breaks
      .map((pause) => pause.earliestStartSeconds + pause.durationSeconds)
      .filter((start) => start > vehicle.shiftStartSeconds),
  ];
  const endPlace = vehicle.endPlace;
  const walk = new NaiveWalk(problem, vehicle, [
    ...stops,
    ...(endPlace === null ? [] : [{ place: endPlace }]),
  ]);
  return starts.some((start) => walk.reaches(start));
}

type Moment = {
  /** Index of the stop that is next. */
  readonly next: number;
  readonly place: number;
  readonly now: number;
  /** Arrived at the next stop, before setup. */
  readonly isThere: boolean;
  readonly breaksTaken: number;
};

class NaiveWalk {
  readonly #vehicle: PlanningVehicle;
  readonly #stops: readonly (NaiveStop | { readonly place: number })[];
  readonly #secondsBetween: (from: number, to: number) => number;

  constructor(
    problem: PlanningProblem,
    vehicle: PlanningVehicle,
    stops: readonly (NaiveStop | { readonly place: number })[],
  ) {
    const travel = providerOf(problem);
    this.#vehicle = vehicle;
    this.#stops = stops;
    this.#secondsBetween = (from, to) => travel.leg(vehicle.profile, from, to).durationSeconds;
  }

  reaches(start: number): boolean {
    const isAround = ({ earliestStartSeconds, durationSeconds }: PlanningBreak) =>
      start < earliestStartSeconds + durationSeconds;
    const breaks = this.#vehicle.breaks.filter(isAround);
    const first = {
      next: 0,
      place: this.#vehicle.startPlace,
      now: start,
      isThere: false,
      breaksTaken: 0,
    };
    return this.#reachesFrom(first, breaks);
  }

  #reachesFrom(moment: Moment, breaks: readonly PlanningBreak[]): boolean {
    const { next, now, breaksTaken } = moment;
    if (now > this.#vehicle.shiftEndSeconds) return false;
    if (next === this.#stops.length) {
      return breaks.slice(breaksTaken).every((left) => now <= left.latestStartSeconds);
    }
    const moments = [
      ...this.#afterBreak(moment, breaks[breaksTaken]),
      ...(moment.isThere ? this.#afterService(moment) : [this.#afterLeg(moment)]),
    ];
    return moments.some((after) => this.#reachesFrom(after, breaks));
  }

  #afterBreak(moment: Moment, pause: PlanningBreak | undefined): Moment[] {
    if (pause === undefined || (moment.next === 0 && !moment.isThere)) return [];
    const start = Math.max(moment.now, pause.earliestStartSeconds);
    if (start > pause.latestStartSeconds) return [];
    return [{ ...moment, now: start + pause.durationSeconds, breaksTaken: moment.breaksTaken + 1 }];
  }

  #placeOf(stop: NaiveStop | { readonly place: number }): number {
    return stop === 'RELOAD' ? this.#vehicle.reload!.place : stop.place;
  }

  #afterLeg(moment: Moment): Moment {
    const place = this.#placeOf(this.#stops[moment.next]!);
    return {
      ...moment,
      now: moment.now + this.#secondsBetween(moment.place, place),
      isThere: true,
    };
  }

  #afterService(moment: Moment): Moment[] {
    const stop = this.#stops[moment.next]!;
    const place = this.#placeOf(stop);
    const left = { ...moment, place, next: moment.next + 1, isThere: false };
    if (stop === 'RELOAD') {
      return [{ ...left, now: moment.now + this.#vehicle.reload!.durationSeconds }];
    }
    if (!('windows' in stop)) return [left];
    const ready = moment.now + (place === moment.place ? 0 : stop.setupSeconds);
    const starts = stop.windows
      .filter((window) => ready < window.endSeconds)
      .map((window) => Math.max(ready, window.startSeconds));
    const possible = stop.windows.length === 0 ? [ready] : starts;
    return possible.map((start) => ({ ...left, now: start + stop.serviceSeconds }));
  }
}
