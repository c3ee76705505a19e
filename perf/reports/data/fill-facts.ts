import type { ClientBase } from 'pg';

/**
 * Fills the product's tables of facts with what became of the stops of one month: the same outcomes
 * that the steps before derive from the events. Its route's cost and emissions in even shares.
 */
export async function fillFacts(client: ClientBase, month: string): Promise<void> {
  await client.query('select report.open_fact_month($1::date)', [month]);
  const days = [month];
  await client.query(STOPS, days);
  await client.query(ROUTES, days);
  await client.query(
    `insert into report.dirty_days (organization_id, service_date, since)
     select distinct organization_id, service_date, now() from report.route_facts
     where ${ofMonth('service_date')}`,
    days,
  );
}

function ofMonth(column: string): string {
  return `${column} >= $1::date and ${column} < $1::date + interval '1 month'`;
}

const STOPS = `
  insert into report.stop_facts (stop_id, organization_id, depot_id, partner_id, route_id,
    vehicle_id, driver_id, service_date, kind, outcome, failure_reason, window_start, window_end,
    planned_arrival, arrived_at, departed_at, on_time, order_count, orders_in_full, orders_otif,
    orders_first_attempt, dwell_seconds, planned_sequence, actual_sequence, service_seconds,
    leg_distance_meters, leg_duration_seconds, direct_distance_meters, load_weight_kg,
    eta_error_seconds, recorded_at, allocated_cost, allocated_co2e_grams)
  select stop.id, stop.organization_id, stop.depot_id, stop.partner_id, stop.route_id,
    stop.vehicle_id, stop.driver_id, (stop.planned_arrival at time zone 'UTC')::date, 'DROPOFF',
    case when event.failed then 'FAILED' else 'COMPLETED' end,
    case when event.failed then 'RECIPIENT_ABSENT' end, stop.window_start, stop.window_end,
    stop.planned_arrival, event.arrived, event.departed, came.on_time, 1, done.orders,
    case when came.on_time then done.orders else 0 end, done.orders,
    extract(epoch from event.departed - event.arrived)::int, stop.sequence, stop.sequence,
    stop.service_seconds, stop.leg_distance_meters, stop.leg_duration_seconds,
    stop.direct_distance_meters, stop.load_weight_kg,
    extract(epoch from event.arrived - stop.planned_arrival)::int / 10, event.departed, 3.5, 420
  from bench.stops stop
  cross join lateral (
    select min(occurred_at) filter (where type = 'ARRIVED') as arrived,
      min(occurred_at) filter (where type = 'DEPARTED') as departed,
      bool_or(type = 'FAILED') as failed
    from bench.stop_events where stop_id = stop.id) event
  cross join lateral (
    select event.arrived >= stop.window_start and event.arrived < stop.window_end as on_time) came
  cross join lateral (select case when event.failed then 0 else 1 end as orders) done
  where ${ofMonth('stop.planned_arrival')}
  order by stop.id`;

const ROUTES = `
  insert into report.route_facts (route_id, organization_id, depot_id, vehicle_id, driver_id,
    service_date, planned_start, planned_end, started_at, ended_at, distance_meters,
    driving_seconds, service_seconds, waiting_seconds, empty_distance_meters, stop_count,
    load_weight_kg, capacity_weight_kg, load_weight_meters, cost, currency, recorded_at,
    actual_distance_meters, energy_carrier, co2e_grams, emission_data_quality, factor_set)
  select route_id, organization_id, depot_id, vehicle_id, driver_id, service_date,
    min(planned_arrival), max(planned_arrival), min(arrived_at), max(departed_at),
    sum(leg_distance_meters), sum(leg_duration_seconds), sum(service_seconds), 0,
    max(direct_distance_meters), count(*), sum(load_weight_kg), 1200,
    sum(load_weight_kg) * sum(leg_distance_meters) / 2, 3.5 * count(*), 'EUR', max(departed_at),
    sum(leg_distance_meters) * 1.03, 'DIESEL', 420 * count(*), 'MODELED', 'bench'
  from report.stop_facts where ${ofMonth('service_date')}
  group by 1, 2, 3, 4, 5, 6 order by 1`;
