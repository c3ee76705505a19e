import type { Client } from 'pg';

import { newId } from '@quantumroute/schema/ids';

import type { RouteFact, StopFact, Tenant } from './world.ts';

/** One finished stop, as the projector would write it; the day waits to be summed. */
export async function addStop(sql: Client, stop: StopFact): Promise<string> {
  const { tenant, day, orders = 1, inFull = orders, onTime = true, stopId = newId() } = stop;
  const { arrival = '10:00', dwell = 60, window = null, load = 10, direct = 1_000 } = stop;
  const at = (time: string | null) => (time === null ? null : `${day}T${time}:00Z`);
  const arrivedAt = at(arrival);
  await insert(sql, 'stop_facts', {
    stop_id: stopId,
    organization_id: tenant.id,
    depot_id: stop.depot ?? tenant.depots[0],
    partner_id: stop.partner ?? null,
    route_id: stop.route ?? newId(),
    vehicle_id: stop.vehicle ?? tenant.vehicles[0],
    driver_id: stop.driver ?? tenant.drivers[0],
    service_date: day,
    kind: 'DROPOFF',
    outcome: stop.outcome ?? 'COMPLETED',
    failure_reason: stop.reason ?? null,
    window_start: at(window?.[0] ?? null),
    window_end: at(window?.[1] ?? null),
    planned_arrival: at('10:00'),
    arrived_at: arrivedAt,
    departed_at: arrivedAt === null || dwell === null ? null : later(arrivedAt, dwell),
    on_time: onTime,
    order_count: orders,
    orders_in_full: inFull,
    orders_otif: stop.otif ?? (onTime === false ? 0 : inFull),
    orders_first_attempt: stop.firstAttempt ?? inFull,
    dwell_seconds: dwell,
    planned_sequence: stop.planned ?? 1,
    actual_sequence: stop.actual ?? 1,
    service_seconds: stop.service ?? 120,
    leg_distance_meters: stop.leg ?? 2_000,
    leg_duration_seconds: 300,
    direct_distance_meters: direct,
    load_weight_kg: load,
    eta_error_seconds: stop.etaError ?? null,
    recorded_at: `${day}T20:00:00Z`,
    allocated_cost: stop.cost ?? null,
    allocated_co2e_grams: stop.co2e ?? null,
  });
  await markDirty(sql, tenant, day);
  return stopId;
}

/** One finished route. */
export async function addRoute(sql: Client, route: RouteFact): Promise<void> {
  const { tenant, day, hours = 8, plannedHours = hours } = route;
  const { meters = 100_000, stops = 10, capacity = 1_000, load = 500 } = route;
  const start = `${day}T00:00:00Z`;
  await insert(sql, 'route_facts', {
    route_id: route.route ?? newId(),
    organization_id: tenant.id,
    depot_id: route.depot ?? tenant.depots[0],
    vehicle_id: route.vehicle ?? tenant.vehicles[0],
    driver_id: route.driver ?? tenant.drivers[0],
    service_date: day,
    planned_start: start,
    planned_end: later(start, plannedHours * 3600),
    started_at: start,
    ended_at: later(start, hours * 3600),
    distance_meters: meters,
    driving_seconds: route.driving ?? 3600,
    service_seconds: route.service ?? 1200,
    waiting_seconds: 0,
    empty_distance_meters: route.empty ?? 0,
    stop_count: stops,
    load_weight_kg: load,
    capacity_weight_kg: capacity,
    load_weight_meters: load * meters,
    cost: route.cost ?? 200,
    currency: 'EUR',
    recorded_at: `${day}T20:00:00Z`,
    actual_distance_meters: route.measured ?? null,
    energy_carrier: route.carrier ?? 'DIESEL',
    co2e_grams: route.co2e ?? null,
    emission_data_quality: route.quality ?? 'DEFAULT',
  });
  await markDirty(sql, tenant, day);
}

/** So many plain stops of a day. */
export async function addManyStops(
  sql: Client,
  { tenant, day, count }: { tenant: Tenant; day: string; count: number },
): Promise<void> {
  await sql.query('select report.open_fact_month($1)', [day]);
  await sql.query(
    `insert into report.stop_facts (stop_id, organization_id, depot_id, route_id, vehicle_id,
       driver_id, service_date, kind, outcome, planned_arrival, arrived_at, on_time, order_count,
       orders_in_full, orders_otif, orders_first_attempt, dwell_seconds, planned_sequence,
       actual_sequence, service_seconds, leg_distance_meters, leg_duration_seconds,
       direct_distance_meters, load_weight_kg, recorded_at)
     select gen_random_uuid(), $1, $2, $3, $4, $5, $6::date, 'DROPOFF', 'COMPLETED', $6::date,
       $6::date, n % 10 > 0, 1, 1, 1, 1, n % 300, n, n, 120, 1000, 120, 1000, 10, $6::date
     from generate_series(1, $7::int) n`,
    [tenant.id, tenant.depots[0], newId(), tenant.vehicles[0], tenant.drivers[0], day, count],
  );
  await markDirty(sql, tenant, day);
}

async function insert(sql: Client, table: string, row: Record<string, unknown>): Promise<void> {
  await sql.query('select report.open_fact_month($1)', [row['service_date']]);
  const columns = Object.keys(row);
  const marks = columns.map((_, index) => `$${index + 1}`);
  await sql.query(
    `insert into report.${table} (${columns.join(', ')}) values (${marks.join(', ')})`,
    Object.values(row),
  );
}

async function markDirty(sql: Client, { id }: Tenant, day: string): Promise<void> {
  await sql.query(
    `insert into report.dirty_days (organization_id, service_date, since) values ($1, $2, now())
     on conflict do nothing`,
    [id, day],
  );
}

function later(instant: string, seconds: number): string {
  return new Date(Date.parse(instant) + seconds * 1000).toISOString();
}
