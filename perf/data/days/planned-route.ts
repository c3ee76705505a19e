import { instantAt } from '../calendar.ts';
import type { Day, Instant } from '../calendar.ts';
import type { CrewPlan, DepotPlan } from '../fleet/plan.ts';
import { VEHICLE_KINDS } from '../fleet/vehicle-kinds.ts';
import type { Address } from '../orders/addresses.ts';
import type { Window } from '../orders/order-draft.ts';
import { windowAround } from '../orders/windows.ts';
import type { Random } from '../random.ts';
import { tour } from './tour.ts';
import { leg } from './travel.ts';
import type { Leg } from './travel.ts';

/** A visit with its planned times. */
export type PlannedStop = {
  /** From 1. */
  sequence: number;
  address: Address;
  leg: Leg;
  arrival: Instant;
  departure: Instant;
  serviceSeconds: number;
  window: Window | null;
};

/** A crew's plan of a day. */
export type PlannedRoute = {
  depot: DepotPlan;
  crew: CrewPlan;
  day: Day;
  start: Instant;
  end: Instant;
  stops: PlannedStop[];
  /** From the last stop back to the depot. */
  lastLeg: Leg;
};

// Dispatchers plan with some reserve for traffic; rush hours need more.
const PLANNED_TRAFFIC = 1.04;
const LOADING_MINUTES = 25;

/** The tour of a crew over these addresses; what does not fit into the shift is left out. */
export function planRoute(
  random: Random,
  of: { depot: DepotPlan; crew: CrewPlan; day: Day; addresses: readonly Address[] },
): PlannedRoute {
  const { depot, crew, day } = of;
  const { kind } = crew.vehicle;
  const shiftEnd = instantAt(day, crew.shiftEndMinutes, depot.timeZone);
  const start = instantAt(day, crew.shiftStartMinutes + LOADING_MINUTES, depot.timeZone);
  const stops: PlannedStop[] = [];
  let [at, clock, way] = [depot.point, start, leg(depot.point, depot.point, kind)];
  for (const address of tour(depot.point, of.addresses)) {
    const next = inTraffic(leg(at, address.point, kind));
    const back = inTraffic(leg(address.point, depot.point, kind));
    const serviceSeconds = drawService(random, VEHICLE_KINDS[kind].serviceSeconds);
    const arrival = clock + next.durationSeconds * 1000;
    const departure = arrival + serviceSeconds * 1000;
    if (departure + back.durationSeconds * 1000 > shiftEnd) break;
    const window = windowAround(random, arrival, { day, timeZone: depot.timeZone });
    const sequence = stops.length + 1;
    stops.push({ sequence, address, leg: next, arrival, departure, serviceSeconds, window });
    [at, clock, way] = [address.point, departure, back];
  }
  return { depot, crew, day, start, end: clock + way.durationSeconds * 1000, stops, lastLeg: way };
}

function inTraffic({ distanceMeters, durationSeconds }: Leg): Leg {
  return { distanceMeters, durationSeconds: Math.round(durationSeconds * PLANNED_TRAFFIC) };
}

function drawService(random: Random, meanSeconds: number): number {
  return 10 * Math.round((meanSeconds * random.factor(0.25)) / 10);
}
