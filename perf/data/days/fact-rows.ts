import type { EmissionFactor, EmissionFactors } from '../fleet/energy.ts';
import { straightLineMeters } from '../geo.ts';
import type { Row, Rows } from '../load/tables.ts';
import type { FinishedDay, FinishedRoute, FinishedStop } from './finished-day.ts';
import { routeKeys, stopKind, stopTimes, sum } from './finished-rows.ts';

/**
 * The facts of a day that is over, as the report subgraph makes them of the events of finished stops
 * and routes: with the shares of each stop in its route's cost and emissions.
 */
export function factRows({ routes }: FinishedDay, factors: EmissionFactors): Rows {
  const facts = routes.map((route) => ({ route, fact: routeFact(route, factors) }));
  return {
    'report.stop_facts': facts.flatMap(({ route, fact }) => stopFacts(route, fact)),
    'report.route_facts': facts.map(({ fact }) => fact),
  };
}

type RouteFact = Row<'report.route_facts'>;
type StopFact = Row<'report.stop_facts'>;

function routeFact(route: FinishedRoute, factors: EmissionFactors): RouteFact {
  const { lastLeg, crew, depot } = route;
  const legs = route.stops.map((stop) => stop.leg);
  const planned = [...legs, lastLeg];
  // The last vehicle of a depot has no tracker, and so no odometer that anybody reads.
  const measured = crew === depot.crews.at(-1) ? null : route.distanceMeters;
  const plannedMeters = sum(planned.map((way) => way.distanceMeters));
  return {
    ...routeKeys(route),
    route_id: route.id,
    distance_meters: plannedMeters,
    driving_seconds: sum(planned.map((way) => way.durationSeconds)),
    service_seconds: sum(route.stops.map((stop) => stop.serviceSeconds)),
    waiting_seconds: 0,
    empty_distance_meters: emptyMeters(route),
    load_weight_meters: loadMeters(route),
    recorded_at: new Date(Math.max(...route.stops.map((stop) => stop.recordedAt))),
    actual_distance_meters: measured,
    ...emissions(factors.get(crew.vehicle.id), { measured, planned: plannedMeters }),
  };
}

function emissions(
  factor: EmissionFactor | undefined,
  { measured, planned }: { measured: number | null; planned: number },
) {
  return {
    energy_carrier: factor?.carrier ?? null,
    co2e_grams: factor ? ((measured ?? planned) / 1_000) * factor.gramsPerKm : null,
    emission_data_quality: measured === null ? 'DEFAULT' : (factor?.quality ?? null),
    factor_set: factor?.factorSet ?? null,
  };
}

/** The way back of deliveries, the way to the first of pickups. */
function emptyMeters({ stops, lastLeg }: FinishedRoute): number {
  const kinds = new Set(stops.map(stopKind));
  if (!kinds.has('PICKUP')) return lastLeg.distanceMeters;
  return kinds.has('DROPOFF') ? 0 : (stops[0]?.leg.distanceMeters ?? 0);
}

/** Kilograms on board times metres, over all legs of the plan. */
function loadMeters({ stops, lastLeg }: FinishedRoute): number {
  const isPickup = (stop: FinishedStop) => stopKind(stop) === 'PICKUP';
  let onBoardKg = sum(stops.filter((stop) => !isPickup(stop)).map(weightKg));
  let kgMeters = 0;
  for (const stop of stops) {
    kgMeters += onBoardKg * stop.leg.distanceMeters;
    onBoardKg += isPickup(stop) ? weightKg(stop) : -weightKg(stop);
  }
  const kgBack = sum(stops.filter(isPickup).map(weightKg));
  return kgMeters + kgBack * lastLeg.distanceMeters;
}

/** Cost goes by the time that a stop takes, emissions by load and direct distance. */
function stopFacts(route: FinishedRoute, { cost, co2e_grams: grams }: RouteFact): StopFact[] {
  const { stops, depot } = route;
  const directMeters = stops.map((stop) =>
    Math.round(straightLineMeters(depot.point, stop.address.point)),
  );
  const costs = inTenThousandths(
    shares(
      Number(cost),
      stops.map((stop) => stop.leg.durationSeconds + stop.serviceSeconds),
    ),
  );
  const works = stops.map((stop, index) => weightKg(stop) * (directMeters[index] ?? 0));
  const emitted = grams === null ? [] : shares(Number(grams), works);
  return stops.map((stop, index) => ({
    ...stopFact(route, stop),
    direct_distance_meters: directMeters[index] ?? 0,
    allocated_cost: costs[index] ?? null,
    allocated_co2e_grams: emitted[index] ?? null,
  }));
}

/** Even shares where nothing weighs anything. */
function shares(whole: number, weights: readonly number[]): number[] {
  const total = sum(weights);
  return weights.map((weight) => whole * (total === 0 ? 1 / weights.length : weight / total));
}

/** Differences of rounded running totals: they add up to the whole, as the shares do. */
function inTenThousandths(parts: readonly number[]): string[] {
  let total = 0;
  return parts.map((part) => {
    const before = Math.round(total * 10_000);
    total += part;
    return ((Math.round(total * 10_000) - before) / 10_000).toFixed(4);
  });
}

function stopFact(route: FinishedRoute, stop: FinishedStop) {
  const { orders, failure, window, leg } = stop;
  const onTime = window && stop.arrivedAt < window.end && stop.departedAt >= window.start;
  const inFull = orders.filter((order) => order.inFull);
  const completed = failure === null;
  return {
    stop_id: stop.id,
    organization_id: route.depot.organization.id,
    depot_id: route.depot.id,
    partner_id: orders[0]?.goods.partner?.id ?? null,
    route_id: route.id,
    vehicle_id: route.crew.vehicle.id,
    driver_id: route.crew.driver.id,
    service_date: route.day,
    kind: stopKind(stop),
    outcome: completed ? 'COMPLETED' : 'FAILED',
    failure_reason: failure,
    ...stopTimes(stop),
    on_time: onTime,
    order_count: orders.length,
    orders_in_full: inFull.length,
    orders_otif: onTime === false ? 0 : inFull.length,
    orders_first_attempt: completed ? orders.filter((order) => order.attempt === 1).length : 0,
    dwell_seconds: Math.round((stop.departedAt - stop.arrivedAt) / 1000),
    planned_sequence: stop.sequence,
    actual_sequence: stop.actualSequence,
    service_seconds: stop.serviceSeconds,
    leg_distance_meters: leg.distanceMeters,
    leg_duration_seconds: leg.durationSeconds,
    load_weight_kg: weightKg(stop),
    eta_error_seconds: etaErrorSeconds(route, stop),
    recorded_at: new Date(stop.recordedAt),
  };
}

/** Against what was expected when the vehicle set out for the stop; null for ways nobody planned. */
function etaErrorSeconds({ stops }: FinishedRoute, stop: FinishedStop): number | null {
  if (stop.actualSequence === 1) {
    return stop.sequence === 1 ? Math.round((stop.arrivedAt - stop.arrival) / 1_000) : null;
  }
  const planned = stops[stop.sequence - 2];
  if (planned?.actualSequence !== stop.actualSequence - 1) return null;
  const expected = planned.departedAt + stop.leg.durationSeconds * 1_000;
  return Math.round((stop.arrivedAt - expected) / 1_000);
}

function weightKg({ orders }: FinishedStop): number {
  return sum(orders.map(({ goods }) => goods.weightKg));
}
