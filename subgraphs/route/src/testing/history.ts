import { newId } from '@quantumroute/schema/ids';

import { DAY } from './fleet-stand-in.ts';
import type { Organization } from './fleet-stand-in.ts';
import type { RouteWorld } from './route-world.ts';

export type DayRows = {
  planId: string;
  runId: string;
  experimentId: string;
  routes: number;
  vehicleIds: string[];
  driverIds: string[];
};

/**
 * A day as it could be after a morning, written straight into the tables: routes that are in
 * progress with `stopsEach` stops, of which the first is completed, one order each, and as many
 * orders again that no route serves.
 */
export async function insertDay(
  { sql }: Pick<RouteWorld, 'sql'>,
  { organizationId, depotId, partners }: Organization,
  { routes, stopsEach = 2, date = DAY }: { routes: number; stopsEach?: number; date?: string },
): Promise<DayRows> {
  const planId = newId();
  await sql(
    `insert into route.plans (id, organization_id, depot_id, service_date, status)
     values ($1, $2, $3, $4, 'PUBLISHED')`,
    [planId, organizationId, depotId, date],
  );
  const run = await insertRun({ sql }, { organizationId, planId, date });
  const inserted = await sql(INSERT_ROUTES, [
    organizationId,
    planId,
    depotId,
    date,
    routes,
    run.runId,
  ]);
  await sql(INSERT_STOPS, [planId, stopsEach]);
  await sql(INSERT_ORDERS, [planId, depotId, date, partners[0]]);
  await sql(INSERT_OPEN_ORDERS, [organizationId, depotId, date, partners[0], routes]);
  await sql(
    `insert into route.order_events (id, organization_id, order_id, type, occurred_at)
     select gen_random_uuid(), organization_id, id, 'CREATED', created_at from route.orders
     where organization_id = $1 and depot_id = $2 and service_date = $3`,
    [organizationId, depotId, date],
  );
  return {
    planId,
    ...run,
    routes,
    vehicleIds: inserted.map((row) => String(row['vehicle_id'])),
    driverIds: inserted.map((row) => String(row['driver_id'])),
  };
}

/** The run that planned the day, as the control of an experiment that is over. */
async function insertRun(
  { sql }: Pick<RouteWorld, 'sql'>,
  { organizationId, planId, date }: { organizationId: string; planId: string; date: string },
): Promise<{ runId: string; experimentId: string }> {
  const [runId, experimentId] = [newId(), newId()];
  const [control, treatment] = [true, false].map((isControl) => ({
    key: isControl ? 'control' : 'treatment',
    algorithm: 'none',
    weight: 1,
    isControl,
  }));
  await sql(
    `insert into route.experiments (id, organization_id, key, hypothesis, unit, variants, status,
       started_at, ended_at)
     values ($1, $2, $3, 'It is cheaper.', 'SHADOW', $4, 'CONCLUDED', now(), now())`,
    [experimentId, organizationId, `of-${date}`, JSON.stringify([control, treatment])],
  );
  await sql(
    `insert into route.optimization_runs (id, organization_id, plan_id, plan_version, status,
       algorithm, seed, time_limit_seconds, requested_by, finished_at, experiment_id, variant_key)
     values ($1, $2, $3, 1, 'CANCELED', 'none', 1, 1, 'test', now(), $4, 'control')`,
    [runId, organizationId, planId, experimentId],
  );
  await sql(
    `insert into route.shadow_runs (id, organization_id, run_id, experiment_id, variant_key,
       algorithm, status, finished_at)
     values ($1, $2, $3, $4, 'treatment', 'none', 'CANCELED', now())`,
    [newId(), organizationId, runId, experimentId],
  );
  return { runId, experimentId };
}

const INSERT_ROUTES = `
  insert into route.routes (id, organization_id, plan_id, run_id, depot_id, service_date, vehicle_id,
    driver_id, vehicle_name, registration_plate, driver_name, status, planned_start, planned_end,
    distance_meters, driving_seconds, service_seconds, waiting_seconds, stop_count,
    load_weight_kg, capacity_weight_kg, cost, currency, dispatched_at, started_at)
  select gen_random_uuid(), $1, $2, $6, $3, $4, gen_random_uuid(), gen_random_uuid(),
    'Van ' || lpad(n::text, 4, '0'), 'B-' || n, 'Driver ' || n, 'IN_PROGRESS',
    $4::date + time '08:00', $4::date + time '17:00', 10000, 3600, 600, 0, 2, 10, 1000, 42.5,
    'EUR', $4::date + time '07:00', $4::date + time '08:10'
  from generate_series(1, $5::int) n
  returning vehicle_id, driver_id`;

const INSERT_STOPS = `
  insert into route.stops (id, organization_id, route_id, sequence, kind, status, country_code,
    latitude, longitude, planned_arrival, planned_departure, service_seconds, leg_distance_meters,
    leg_duration_seconds, leg_is_estimated, window_start, window_end, arrived_at, departed_at,
    actual_sequence)
  select gen_random_uuid(), organization_id, id, n, 'DROPOFF',
    case when n = 1 then 'COMPLETED' else 'PENDING' end, 'DE', 52.5, 13.4,
    planned_start + n * interval '20 minutes', planned_start + n * interval '25 minutes', 300,
    1000, 200, true, planned_start, planned_end,
    case when n = 1 then planned_start + interval '20 minutes' end,
    case when n = 1 then planned_start + interval '25 minutes' end,
    case when n = 1 then 1 end
  from route.routes cross join generate_series(1, $2::int) n
  where plan_id = $1`;

const ORDER_COLUMNS = `id, organization_id, depot_id, partner_id, tracking_number, tracking_token,
  external_reference, kind, status, service_date, priority, parcels, load_weight_kg,
  load_volume_m3, load_parcels, country_code, latitude, longitude, service_seconds, stop_id,
  finished_at`;
const PARCELS = `'[{"reference": "P", "quantity": 1, "deliveredQuantity": 0, "weightKg": 1,
  "volumeM3": 0.1, "barcode": null}]'`;

const INSERT_ORDERS = `
  insert into route.orders (${ORDER_COLUMNS})
  select gen_random_uuid(), stop.organization_id, $2, $4, 'QR' || stop.id, stop.id, stop.id,
    'DELIVERY', case when stop.status = 'COMPLETED' then 'DELIVERED' else 'DISPATCHED' end, $3, 50,
    ${PARCELS}, 1, 0.1, 1, 'DE', 52.5, 13.4, 300, stop.id, stop.departed_at
  from route.stops stop join route.routes route on route.id = stop.route_id
  where route.plan_id = $1`;

const INSERT_OPEN_ORDERS = `
  insert into route.orders (${ORDER_COLUMNS})
  select gen_random_uuid(), $1, $2, $4, 'QR' || key, key, key, 'DELIVERY', 'ACCEPTED', $3, n % 100,
    ${PARCELS}, 1, 0.1, 1, 'DE', 52.5, 13.4, 300, null, null
  from generate_series(1, $5::int) n cross join lateral (select gen_random_uuid()::text || n as key)`;
