import { Client } from 'pg';

import type { Identity } from '@quantumroute/ops/identity';
import { testDatabase } from '@quantumroute/ops/local/testing';
import { newId } from '@quantumroute/schema/ids';

/** Two organizations, the first with two partners and two depots, and a hand to write facts with. */
export type World = {
  readonly databaseUrl: string;
  readonly sql: Client;
  readonly north: Tenant;
  readonly south: Tenant;
  addStop(stop: StopFact): Promise<void>;
  addRoute(route: RouteFact): Promise<void>;
  addShift(shift: Shift): Promise<void>;
  /** So many plain stops of the day, for reports that take their time. */
  addManyStops(tenant: Tenant, day: string, count: number): Promise<void>;
  drop(): Promise<void>;
};

export type Tenant = {
  readonly id: string;
  readonly depots: readonly [string, string];
  readonly partners: readonly [string, string];
  readonly vehicles: readonly [string, string];
  readonly drivers: readonly [string, string];
};

export type StopFact = {
  tenant: Tenant;
  day: string;
  depot?: string;
  partner?: string | null;
  vehicle?: string;
  driver?: string;
  outcome?: 'COMPLETED' | 'FAILED';
  onTime?: boolean | null;
  orders?: number;
  inFull?: number;
  otif?: number;
  firstAttempt?: number;
  dwell?: number | null;
  planned?: number;
  actual?: number;
};

export type RouteFact = {
  tenant: Tenant;
  day: string;
  depot?: string;
  vehicle?: string;
  hours?: number;
  plannedHours?: number;
  meters?: number;
  stops?: number;
  cost?: number;
  load?: number;
  capacity?: number;
};

export type Shift = { tenant: Tenant; vehicle?: string; start: string; end: string };

const SCOPES = ['reports:read', 'reports:write'];

export async function createWorld(): Promise<World> {
  const database = await testDatabase(['fleet', 'route', 'report']);
  const sql = new Client({ connectionString: database.url });
  sql.on('error', () => undefined);
  await sql.connect();
  const north = await createTenant(sql, { name: 'North', depotNames: ['Hamburg', '=Kiel'] });
  const south = await createTenant(sql, { name: 'South', depotNames: ['Munich', 'Graz'] });
  return {
    databaseUrl: database.url,
    sql,
    north,
    south,
    addStop: (stop) => addStop(sql, stop),
    addRoute: (route) => addRoute(sql, route),
    addShift: (shift) => addShift(sql, shift),
    addManyStops: (tenant, day, count) => addManyStops(sql, { tenant, day, count }),
    drop: async () => {
      await sql.end();
      await database.drop();
    },
  };
}

/** A dispatcher of the organization. */
export function dispatcherOf(tenant: Tenant, subject = 'dispatcher'): Identity {
  const { id: organizationId } = tenant;
  return { kind: 'user', subject, organizationId, partnerId: null, driverId: null, scopes: SCOPES };
}

/** A caller of one of the organization's partners. */
export function partnerOf(tenant: Tenant, index: 0 | 1): Identity {
  const partnerId = tenant.partners[index];
  return { ...dispatcherOf(tenant, `partner-${index}`), kind: 'partner', partnerId };
}

async function createTenant(
  sql: Client,
  { name, depotNames }: { name: string; depotNames: readonly [string, string] },
): Promise<Tenant> {
  const two = (): [string, string] => [newId(), newId()];
  const tenant = { id: newId(), depots: two(), partners: two(), vehicles: two(), drivers: two() };
  await sql.query(
    `insert into fleet.organizations (id, name, time_zone, currency) values ($1, $2, 'Europe/Berlin', 'EUR')`,
    [tenant.id, name],
  );
  for (const index of [0, 1] as const) {
    await sql.query(`insert into fleet.partners (id, organization_id, name) values ($1, $2, $3)`, [
      tenant.partners[index],
      tenant.id,
      `${name} partner ${index}`,
    ]);
    await sql.query(
      `insert into fleet.depots (id, organization_id, code, name, latitude, longitude, time_zone)
       values ($1, $2, $3, $4, 53.5, 10, 'Europe/Berlin')`,
      [tenant.depots[index], tenant.id, `D${index}`, depotNames[index]],
    );
    await sql.query(
      `insert into fleet.vehicles (id, organization_id, display_name, registration_plate, kind,
         home_depot_id, capacity_weight_kg, capacity_volume_m3)
       values ($1, $2, $3, $4, 'VAN', $5, 1000, 10)`,
      [tenant.vehicles[index], tenant.id, `Van ${index}`, `${name}-${index}`, tenant.depots[index]],
    );
    await sql.query(
      `insert into fleet.drivers (id, organization_id, display_name, home_depot_id)
       values ($1, $2, $3, $4)`,
      [tenant.drivers[index], tenant.id, `Driver ${index}`, tenant.depots[index]],
    );
  }
  return tenant;
}

async function addStop(sql: Client, stop: StopFact): Promise<void> {
  const { tenant, day, orders = 1, inFull = orders, onTime = true } = stop;
  await sql.query(
    `insert into route.stop_facts (stop_id, organization_id, depot_id, partner_id, route_id,
       vehicle_id, driver_id, service_date, kind, outcome, planned_arrival, arrived_at, on_time,
       order_count, orders_in_full, orders_otif, orders_first_attempt, dwell_seconds,
       planned_sequence, actual_sequence, service_seconds)
     values ($1, $2, $3, $4, $5, $6, $7, $8, 'DROPOFF', $9, $8::date, $8::date, $10, $11, $12, $13,
       $14, $15, $16, $17, 120)`,
    [
      newId(),
      tenant.id,
      stop.depot ?? tenant.depots[0],
      stop.partner ?? null,
      newId(),
      stop.vehicle ?? tenant.vehicles[0],
      stop.driver ?? tenant.drivers[0],
      day,
      stop.outcome ?? 'COMPLETED',
      onTime,
      orders,
      inFull,
      stop.otif ?? (onTime === false ? 0 : inFull),
      stop.firstAttempt ?? inFull,
      stop.dwell === undefined ? 60 : stop.dwell,
      stop.planned ?? 1,
      stop.actual ?? 1,
    ],
  );
}

async function addRoute(sql: Client, route: RouteFact): Promise<void> {
  const { tenant, day, hours = 8, plannedHours = hours } = route;
  await sql.query(
    `insert into route.route_facts (route_id, organization_id, depot_id, vehicle_id, driver_id,
       service_date, planned_start, planned_end, started_at, ended_at, distance_meters,
       driving_seconds, stop_count, load_weight_kg, capacity_weight_kg, cost, currency)
     values ($1, $2, $3, $4, $5, $6::date, $6::date, $6::date + $7 * interval '1 hour', $6::date,
       $6::date + $8 * interval '1 hour', $9, 3600, $10, $11, $12, $13, 'EUR')`,
    [
      newId(),
      tenant.id,
      route.depot ?? tenant.depots[0],
      route.vehicle ?? tenant.vehicles[0],
      tenant.drivers[0],
      day,
      plannedHours,
      hours,
      route.meters ?? 100_000,
      route.stops ?? 10,
      route.load ?? 500,
      route.capacity ?? 1000,
      route.cost ?? 200,
    ],
  );
}

async function addShift(sql: Client, { tenant, vehicle, start, end }: Shift): Promise<void> {
  await sql.query(
    `insert into fleet.shifts (id, organization_id, driver_id, vehicle_id, planned_start, planned_end)
     values ($1, $2, $3, $4, $5, $6)`,
    [newId(), tenant.id, tenant.drivers[0], vehicle ?? tenant.vehicles[0], start, end],
  );
}

async function addManyStops(
  sql: Client,
  { tenant, day, count }: { tenant: Tenant; day: string; count: number },
): Promise<void> {
  await sql.query(
    `insert into route.stop_facts (stop_id, organization_id, depot_id, route_id, vehicle_id,
       driver_id, service_date, kind, outcome, planned_arrival, arrived_at, on_time, order_count,
       orders_in_full, orders_otif, orders_first_attempt, dwell_seconds, planned_sequence,
       actual_sequence, service_seconds)
     select gen_random_uuid(), $1, $2, $3, $4, $5, $6::date, 'DROPOFF', 'COMPLETED', $6::date,
       $6::date, n % 10 > 0, 1, 1, 1, 1, n % 300, n, n, 120 from generate_series(1, $7::int) n`,
    [tenant.id, tenant.depots[0], newId(), tenant.vehicles[0], tenant.drivers[0], day, count],
  );
}
