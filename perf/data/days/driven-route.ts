import { minutesAt } from '../calendar.ts';
import type { Instant } from '../calendar.ts';
import type { Point } from '../geo.ts';
import type { Random } from '../random.ts';
import type { PlannedRoute, PlannedStop } from './planned-route.ts';
import { leg, trafficFactor } from './travel.ts';

/** Why a visit failed, as the schema names it. */
export type FailureReason =
  | 'NOBODY_HOME'
  | 'REFUSED'
  | 'WRONG_ADDRESS'
  | 'ACCESS_BLOCKED'
  | 'DAMAGED'
  | 'MISSING_ITEM'
  | 'OUT_OF_TIME';

/** A visit as it happened. */
export type DrivenStop = PlannedStop & {
  /** From 1, in the order of the visits. */
  actualSequence: number;
  arrivedAt: Instant;
  departedAt: Instant;
  failure: FailureReason | null;
  /** When the server learned of it: later where the phone had no signal. */
  recordedAt: Instant;
};

/** A route as it happened; its stops are in the planned order. */
export type DrivenRoute = Omit<PlannedRoute, 'stops'> & {
  stops: DrivenStop[];
  startedAt: Instant;
  endedAt: Instant;
  distanceMeters: number;
  drivingSeconds: number;
};

const FAILURES: readonly [FailureReason, ...FailureReason[]] = [
  ...repeat('NOBODY_HOME', 60),
  ...repeat('WRONG_ADDRESS', 12),
  ...repeat('ACCESS_BLOCKED', 10),
  ...repeat('REFUSED', 8),
  ...repeat('DAMAGED', 4),
  ...repeat('MISSING_ITEM', 3),
  ...repeat('OUT_OF_TIME', 3),
];

/** Drives a planned route through the day's traffic; `dayFactor` is above 1 on a bad day. */
export function driveRoute(random: Random, plan: PlannedRoute, dayFactor: number): DrivenRoute {
  const { depot, crew, day } = plan;
  const slow = (clock: Instant): number =>
    trafficFactor(minutesAt(clock, day, depot.timeZone)) * dayFactor * crew.driver.pace;
  const startedAt = plan.start + minutes(random.between(-4, 9) * dayFactor);
  const stops: DrivenStop[] = [];
  let [at, clock, distanceMeters, drivingSeconds]: [Point, Instant, number, number] = [
    depot.point,
    startedAt,
    0,
    0,
  ];
  const driveTo = (point: Point): void => {
    const way = leg(at, point, crew.vehicle.kind);
    const seconds = Math.round(way.durationSeconds * slow(clock) * random.factor(0.2));
    clock += seconds * 1000;
    drivingSeconds += seconds;
    distanceMeters += Math.round(way.distanceMeters * random.between(0.99, 1.06));
    at = point;
  };
  for (const stop of asDriven(random, plan.stops)) {
    driveTo(stop.address.point);
    const visit = visitStop(random, stop, { clock, pace: crew.driver.pace });
    stops.push({ ...visit, actualSequence: stops.length + 1 });
    clock = visit.departedAt;
  }
  const endedAt = clock;
  driveTo(depot.point);
  stops.sort((one, other) => one.sequence - other.sequence);
  return { ...plan, stops, startedAt, endedAt, distanceMeters, drivingSeconds };
}

function visitStop(
  random: Random,
  stop: PlannedStop,
  { clock, pace }: { clock: Instant; pace: number },
): Omit<DrivenStop, 'actualSequence'> {
  // Who is early waits at the door.
  const arrivedAt = Math.max(clock, stop.window?.start ?? 0);
  const failure = random.chance(0.032) ? random.pick(FAILURES) : null;
  const share = failure === null ? 1 : 0.7;
  const dwell = Math.round(stop.serviceSeconds * pace * share * random.factor(0.3));
  const departedAt = arrivedAt + Math.max(20, dwell) * 1000;
  const delayMs = random.chance(0.015)
    ? minutes(random.between(20, 200))
    : random.integer(400, 9_000);
  return { ...stop, arrivedAt, departedAt, failure, recordedAt: departedAt + Math.round(delayMs) };
}

// Some drivers swap neighbours on the way.
function asDriven(random: Random, stops: readonly PlannedStop[]): PlannedStop[] {
  const order = [...stops];
  const swaps = random.chance(0.25) ? random.integer(1, 4) : 0;
  for (let swap = 0; swap < swaps && order.length > 1; swap += 1) {
    const index = random.integer(0, order.length - 2);
    order.splice(index, 2, ...order.slice(index, index + 2).toReversed());
  }
  return order;
}

function minutes(count: number): number {
  return Math.round(count * 60_000);
}

function repeat(reason: FailureReason, times: number): [FailureReason, ...FailureReason[]] {
  return [reason, ...Array.from({ length: times - 1 }, () => reason)];
}
