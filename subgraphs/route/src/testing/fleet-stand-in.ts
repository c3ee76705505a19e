import { newId } from '@quantumroute/schema/ids';

import type { RouteWorld } from './route-world.ts';

/** What the tests need of fleet: its published views, as tables that a test fills. */
export const FLEET_STAND_IN = `
  create schema fleet_published;
  create table fleet_published.organizations (id uuid, name text, time_zone text, currency text);
  create table fleet_published.partners (id uuid, organization_id uuid, name text);
  create table fleet_published.depots (id uuid, organization_id uuid, code text, name text,
    latitude float8, longitude float8, time_zone text);
  create table fleet_published.vehicles (id uuid, organization_id uuid, home_depot_id uuid,
    display_name text, registration_plate text, kind text, status text, capabilities text[],
    capacity_weight_kg float8, capacity_volume_m3 float8, capacity_parcels int,
    cost_per_km numeric, cost_per_hour numeric, cost_fixed_per_day numeric,
    wtw_grams_co2e_per_km float8);
  create table fleet_published.drivers (id uuid, organization_id uuid, home_depot_id uuid,
    display_name text, skills text[]);
  create table fleet_published.shifts (id uuid, organization_id uuid, depot_id uuid,
    driver_id uuid, vehicle_id uuid, planned_start timestamptz, planned_end timestamptz,
    started_at timestamptz, ended_at timestamptz);
`;

/** The day that the tests plan, in the depots' time zone (Berlin, UTC+1). */
export const DAY = '2026-12-01';
export const BERLIN = { latitude: 52.52, longitude: 13.405 };

export type Crew = { vehicleId: string; driverId: string; shiftId: string; name: string };
export type Organization = {
  organizationId: string;
  depotId: string;
  partners: [string, string];
  crews: Crew[];
};

/** An organization with one depot, two partners and some vans with their drivers, 08:00 to 17:00. */
export async function addOrganization(
  { sql }: Pick<RouteWorld, 'sql'>,
  { name, vans = 2 }: { name: string; vans?: number },
): Promise<Organization> {
  const [organizationId, depotId] = [newId(), newId()];
  const partners: [string, string] = [newId(), newId()];
  await sql(`insert into fleet_published.organizations values ($1, $2, 'Europe/Berlin', 'EUR')`, [
    organizationId,
    name,
  ]);
  await sql(
    `insert into fleet_published.depots values ($1, $2, 'BER', $3, $4, $5, 'Europe/Berlin')`,
    [depotId, organizationId, `${name} Berlin`, BERLIN.latitude, BERLIN.longitude],
  );
  const organization: Organization = { organizationId, depotId, partners, crews: [] };
  for (let index = 1; index <= vans; index++) {
    organization.crews.push(await addCrew({ sql }, { organization, name: `Van ${index}` }));
  }
  return organization;
}

async function addCrew(
  { sql }: Pick<RouteWorld, 'sql'>,
  { organization, name }: { organization: Organization; name: string },
): Promise<Crew> {
  const { organizationId, depotId } = organization;
  const crew: Crew = { vehicleId: newId(), driverId: newId(), shiftId: newId(), name };
  await sql(
    `insert into fleet_published.vehicles values ($1, $2, $3, $4, $5, 'VAN', 'AVAILABLE',
       '{TAIL_LIFT}', 1000, 10, null, 0.50, 30, 80, 291.6)`,
    [crew.vehicleId, organizationId, depotId, name, `B-QR ${name}`],
  );
  await sql(`insert into fleet_published.drivers values ($1, $2, $3, $4, '{ADR}')`, [
    crew.driverId,
    organizationId,
    depotId,
    `Driver of ${name}`,
  ]);
  await sql(`insert into fleet_published.shifts values ($1, $2, $3, $4, $5, $6, $7)`, [
    crew.shiftId,
    organizationId,
    depotId,
    crew.driverId,
    crew.vehicleId,
    `${DAY}T07:00:00Z`,
    `${DAY}T16:00:00Z`,
  ]);
  return crew;
}
