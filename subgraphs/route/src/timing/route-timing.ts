import type { TimingStop } from '../storage/stores/timing-queries.ts';
import { punctualityOf } from './punctuality.ts';
import type { Punctuality } from './punctuality.ts';

/** How a route stands at one instant: everything that is derived from the times of its stops. */
export type RouteTiming = {
  readonly computedAtMs: number;
  readonly progress: RouteProgress;
  /** The first stop that is not finished. */
  readonly nextStop: StopTiming | null;
  /** The first stop that the vehicle has not reached. */
  readonly nextArrival: StopTiming | null;
  readonly stops: ReadonlyMap<string, StopTiming>;
};

export type RouteProgress = {
  completedStops: number;
  failedStops: number;
  totalStops: number;
  lateStops: number;
  atRiskStops: number;
};

export type StopTiming = {
  readonly stop: TimingStop;
  /** By the plan and the route's present delay; null once the vehicle has been there. */
  readonly etaMs: number | null;
  readonly punctuality: Punctuality;
  /** Unfinished stops of the route before this one. */
  readonly stopsAway: number;
};

/** `stops` are all stops of one route in the order of the visits. */
export function routeTiming(stops: readonly TimingStop[], nowMs: number): RouteTiming {
  const delayMs = presentDelay(stops, nowMs);
  let unfinished = 0;
  const timings = stops.map((stop): StopTiming => {
    const etaMs = stop.status === 'PENDING' ? stop.plannedArrivalMs + delayMs : null;
    const timing = { stop, etaMs, punctuality: punctualityOf(stop, etaMs), stopsAway: unfinished };
    if (!isFinished(stop)) unfinished += 1;
    return timing;
  });
  return {
    computedAtMs: nowMs,
    progress: progressOf(timings),
    nextStop: timings.find(({ stop }) => !isFinished(stop)) ?? null,
    nextArrival: timings.find(({ stop }) => stop.status === 'PENDING') ?? null,
    stops: new Map(timings.map((timing) => [timing.stop.id, timing])),
  };
}

/**
 * How far the route is behind its plan (negative: ahead), by the last visit. Nobody arrives in the
 * past: when the next stop is overdue, the delay is at least what it is overdue by.
 */
function presentDelay(stops: readonly TimingStop[], nowMs: number): number {
  const last = lastVisited(stops);
  const delayMs = last === null ? 0 : expectedDeparture(last, nowMs) - last.plannedDepartureMs;
  const next = stops.find(({ status }) => status === 'PENDING');
  return next === undefined ? delayMs : Math.max(delayMs, nowMs - next.plannedArrivalMs);
}

function lastVisited(stops: readonly TimingStop[]): TimingStop | null {
  let last: TimingStop | null = null;
  for (const stop of stops) {
    if (visitedAt(stop) > (last === null ? -Infinity : visitedAt(last))) last = stop;
  }
  return last;
}

function visitedAt({ arrivedAtMs, departedAtMs }: TimingStop): number {
  return departedAtMs ?? arrivedAtMs ?? -Infinity;
}

/** A vehicle that came before the window opens waits for it. */
function expectedDeparture(stop: TimingStop, nowMs: number): number {
  if (stop.departedAtMs !== null) return stop.departedAtMs;
  const serviceStartMs = Math.max(stop.arrivedAtMs ?? nowMs, stop.windowStartMs ?? -Infinity);
  return Math.max(serviceStartMs + stop.serviceSeconds * 1000, nowMs);
}

function progressOf(timings: readonly StopTiming[]): RouteProgress {
  const count = (matches: (timing: StopTiming) => boolean) => timings.filter(matches).length;
  return {
    completedStops: count(({ stop }) => stop.status === 'COMPLETED'),
    failedStops: count(({ stop }) => stop.status === 'FAILED'),
    totalStops: timings.length,
    lateStops: count(({ punctuality }) => punctuality === 'LATE'),
    atRiskStops: count(({ punctuality }) => punctuality === 'AT_RISK'),
  };
}

function isFinished({ status }: TimingStop): boolean {
  return status === 'COMPLETED' || status === 'FAILED';
}
