import type { Identity } from '@quantumroute/ops/identity';
import { encodeId, newId } from '@quantumroute/schema/ids';
import type { Client } from 'pg';

/** One tenant with a depot, vehicles, and drivers of whom each has one of the vehicles. */
export type TestTenant = {
  organizationId: string;
  depotIds: string[];
  vehicleIds: string[];
  driverIds: string[];
  shiftIds: string[];
  partnerId: string;
  user: Identity;
  driver: Identity;
};

export const ALL_SCOPES = [
  'fleet:read',
  'fleet:write',
  'finance:read',
  'drivers:pii',
  'telemetry:write',
];

/** Writes a tenant: `size` vehicles and drivers, whose shift is planned around this moment. */
export async function insertTenant(
  sql: Client,
  { name, size, depots = 1 }: { name: string; size: number; depots?: number },
): Promise<TestTenant> {
  const organizationId = newId();
  const partnerId = newId();
  await sql.query(
    `insert into fleet.organizations (id, name, time_zone, currency)
     values ($1, $2, 'Europe/Berlin', 'EUR')`,
    [organizationId, name],
  );
  await sql.query(
    `insert into fleet.partners (id, organization_id, name) values ($1, $2, 'Shipper')`,
    [partnerId, organizationId],
  );
  const depotIds = ids(depots);
  await sql.query(
    `insert into fleet.depots (id, organization_id, code, name, latitude, longitude, time_zone)
     select id, $1, 'D' || n, 'Depot ' || n, 52.5, 13.4, 'Europe/Berlin'
     from unnest($2::uuid[]) with ordinality as depot (id, n)`,
    [organizationId, depotIds],
  );
  const rows = { organizationId, depotIds, count: size };
  const vehicleIds = await insertVehicles(sql, rows);
  const driverIds = await insertDrivers(sql, rows);
  const shiftIds = await insertShifts(sql, { organizationId, vehicleIds, driverIds });
  return {
    organizationId,
    depotIds,
    vehicleIds,
    driverIds,
    shiftIds,
    partnerId,
    user: userOf(organizationId),
    driver: driverOf(organizationId, driverIds[0] ?? newId()),
  };
}

export function userOf(organizationId: string, scopes: readonly string[] = ALL_SCOPES): Identity {
  return {
    kind: 'user',
    subject: 'dispatcher',
    organizationId,
    partnerId: null,
    driverId: null,
    scopes,
  };
}

export function driverOf(organizationId: string, driverId: string): Identity {
  return {
    kind: 'driver',
    subject: driverId,
    organizationId,
    partnerId: null,
    driverId,
    scopes: ['driver:self', 'telemetry:write'],
  };
}

/** The ids that clients see. */
export function publicIds(type: Parameters<typeof encodeId>[0], uuids: readonly string[]) {
  return uuids.map((uuid) => encodeId(type, uuid));
}

type Rows = { organizationId: string; depotIds: string[]; count: number };

async function insertVehicles(sql: Client, { organizationId, depotIds, count }: Rows) {
  const vehicleIds = ids(count);
  await sql.query(
    `insert into fleet.vehicles (id, organization_id, display_name, registration_plate, kind,
       home_depot_id, capacity_weight_kg, capacity_volume_m3, capacity_parcels, capabilities,
       cost_per_km, cost_per_hour, cost_fixed_per_day)
     select id, $1, 'Van ' || lpad(((n + 1) / 2)::text, 4, '0'), 'B-' || n, 'VAN',
       ($2::uuid[])[1 + n % $3], 1200, 9.5, 200,
       case when n % 2 = 0 then '{refrigerated}'::text[] else '{refrigerated,tail_lift}' end,
       0.25, 18, 40
     from unnest($4::uuid[]) with ordinality as vehicle (id, n)`,
    [organizationId, depotIds, depotIds.length, vehicleIds],
  );
  return vehicleIds;
}

async function insertDrivers(sql: Client, { organizationId, depotIds, count }: Rows) {
  const driverIds = ids(count);
  await sql.query(
    `insert into fleet.drivers (id, organization_id, display_name, phone, skills, home_depot_id)
     select id, $1, 'Driver ' || lpad(n::text, 4, '0'), '+49 30 1', '{adr}',
       ($2::uuid[])[1 + n % $3]
     from unnest($4::uuid[]) with ordinality as driver (id, n)`,
    [organizationId, depotIds, depotIds.length, driverIds],
  );
  return driverIds;
}

async function insertShifts(
  sql: Client,
  rows: { organizationId: string; vehicleIds: string[]; driverIds: string[] },
) {
  const shiftIds = ids(rows.driverIds.length);
  await sql.query(
    `insert into fleet.shifts (id, organization_id, driver_id, vehicle_id, planned_start, planned_end)
     select shift.id, $1, shift.driver_id, shift.vehicle_id,
       now() - interval '1 hour', now() + interval '7 hours'
     from unnest($2::uuid[], $3::uuid[], $4::uuid[]) as shift (id, driver_id, vehicle_id)`,
    [rows.organizationId, shiftIds, rows.driverIds, rows.vehicleIds],
  );
  return shiftIds;
}

function ids(count: number): string[] {
  return Array.from({ length: count }, newId);
}
