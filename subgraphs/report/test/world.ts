import { Client } from 'pg';

import type { Identity } from '@quantumroute/ops/identity';
import { testDatabase } from '@quantumroute/ops/local/testing';
import { createLogger } from '@quantumroute/ops/log';
import { createMetrics } from '@quantumroute/ops/metrics';
import { newId } from '@quantumroute/schema/ids';

import { openStorage } from '../src/storage/open-storage.ts';
import { rollUpAll } from './route-events.ts';
import { addManyStops, addRoute, addStop } from './world-facts.ts';

/** Two organizations, the first with two partners and two depots, and a hand to write facts with. */
export type World = {
  readonly databaseUrl: string;
  readonly sql: Client;
  readonly north: Tenant;
  readonly south: Tenant;
  /** Gives the id of the stop. */
  addStop(stop: StopFact): Promise<string>;
  addRoute(route: RouteFact): Promise<void>;
  addShift(shift: Shift): Promise<void>;
  /** So many plain stops of the day, for reports that take their time. */
  addManyStops(tenant: Tenant, day: string, count: number): Promise<void>;
  /** Sums every day that something was added to. */
  rollUp(): Promise<void>;
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
  route?: string;
  stopId?: string;
  outcome?: 'COMPLETED' | 'FAILED';
  reason?: string;
  /** `HH:MM` in UTC. */
  window?: readonly [string, string];
  arrival?: string | null;
  onTime?: boolean | null;
  orders?: number;
  inFull?: number;
  otif?: number;
  firstAttempt?: number;
  dwell?: number | null;
  planned?: number;
  actual?: number;
  service?: number;
  leg?: number;
  direct?: number;
  load?: number;
  etaError?: number;
  cost?: number;
  co2e?: number;
};

export type RouteFact = {
  tenant: Tenant;
  day: string;
  route?: string;
  depot?: string;
  vehicle?: string;
  driver?: string;
  hours?: number;
  plannedHours?: number;
  meters?: number;
  stops?: number;
  cost?: number;
  load?: number;
  capacity?: number;
  driving?: number;
  service?: number;
  empty?: number;
  /** Meters by the odometer. */
  measured?: number;
  carrier?: string;
  co2e?: number;
  quality?: 'MODELED' | 'DEFAULT';
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
    rollUp: () => rollUp(database.url),
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

async function addShift(sql: Client, { tenant, vehicle, start, end }: Shift): Promise<void> {
  await sql.query(
    `insert into fleet.shifts (id, organization_id, driver_id, vehicle_id, planned_start, planned_end)
     values ($1, $2, $3, $4, $5, $6)`,
    [newId(), tenant.id, tenant.drivers[0], vehicle ?? tenant.vehicles[0], start, end],
  );
}

async function rollUp(databaseUrl: string): Promise<void> {
  const postgres = await openStorage({
    config: {
      DATABASE_URL: databaseUrl,
      DATABASE_POOL_SIZE: 1,
      DATABASE_STATEMENT_TIMEOUT_MS: 10_000,
    },
    log: createLogger({ service: 'report-test', level: 'silent' }),
    metrics: createMetrics('report-test'),
  });
  await rollUpAll(postgres);
  await postgres.close();
}
