import { LockMode, sql } from '@mikro-orm/postgresql';
import type { Raw } from '@mikro-orm/postgresql';
import type { Connectivity } from '../../tracking/connectivity.ts';
import { OFFLINE_AFTER_SECONDS } from '../../tracking/connectivity.ts';
import { allOf, containing } from '../conditions.ts';
import { Vehicle } from '../entities/vehicle.ts';
import type { NameKey, PageOf } from '../keyset.ts';
import type { Tenant } from '../tenant.ts';

/** Which vehicles of the tenant: those that pass everything that is not null. */
export type VehicleSelection = {
  depotId: string | null;
  statuses: readonly Vehicle['status'][] | null;
  connectivities: readonly Connectivity[] | null;
  /** All of these. */
  capabilities: readonly string[] | null;
  /** The last position is inside; west may be east of east, across the antimeridian. */
  within: { south: number; west: number; north: number; east: number } | null;
  /** Part of the display name or the registration plate. */
  search: string | null;
};

export async function findVehicles(
  { em, organizationId }: Tenant,
  ids: readonly string[],
): Promise<Vehicle[]> {
  return em.find(Vehicle, { organizationId, id: { $in: [...ids] } });
}

/** The vehicle, held until the end of the transaction. */
export async function lockVehicle(
  { em, organizationId }: Tenant,
  id: string,
): Promise<Vehicle | null> {
  return em.findOne(Vehicle, { organizationId, id }, { lockMode: LockMode.PESSIMISTIC_WRITE });
}

/** By display name. */
export async function listVehicles(
  tenant: Tenant,
  selection: VehicleSelection,
  page: PageOf<NameKey>,
): Promise<Vehicle[]> {
  const rows = await tenant.em.execute(sql`
    select vehicle.* from ${selected(tenant, selection)} and ${following(page.after)}
    order by vehicle.display_name, vehicle.id limit ${page.limit}`);
  return rows.map((row) => tenant.em.map(Vehicle, row));
}

/** How many, but never more than `limit`, and no more rows are looked at. */
export async function countVehicles(
  tenant: Tenant,
  selection: VehicleSelection,
  limit: number,
): Promise<number> {
  const rows: { count: number }[] = await tenant.em.execute(sql`
    select count(*)::integer as count
    from (select from ${selected(tenant, selection)} limit ${limit}) as counted`);
  return rows[0]?.count ?? 0;
}

/** A page for each depot, by display name, in one statement. */
export async function listVehiclesOfDepots(
  { em, organizationId }: Tenant,
  depotIds: readonly string[],
  { limit, after }: PageOf<NameKey>,
): Promise<Map<string, Vehicle[]>> {
  const rows = await em.execute(sql`
    select vehicle.* from unnest(array[${depotIds}]::uuid[]) as depot (id)
    cross join lateral (
      select * from fleet.vehicles as vehicle
      where organization_id = ${organizationId} and home_depot_id = depot.id
        and ${following(after)}
      order by display_name, id limit ${limit}
    ) as vehicle
    order by vehicle.display_name, vehicle.id`);
  return Map.groupBy(
    rows.map((row) => em.map(Vehicle, row)),
    (vehicle) => vehicle.homeDepotId,
  );
}

/** `countVehicles` for each depot, in one statement. */
export async function countVehiclesOfDepots(
  { em, organizationId }: Tenant,
  depotIds: readonly string[],
  limit: number,
): Promise<Map<string, number>> {
  const rows: { id: string; count: number }[] = await em.execute(sql`
    select depot.id, counted.count from unnest(array[${depotIds}]::uuid[]) as depot (id)
    cross join lateral (
      select count(*)::integer as count from (
        select from fleet.vehicles
        where organization_id = ${organizationId} and home_depot_id = depot.id limit ${limit}
      ) as vehicle
    ) as counted`);
  return new Map(rows.map(({ id, count }) => [id, count]));
}

function following(after: NameKey | null): Raw {
  if (after === null) return sql`true`;
  return sql`(vehicle.display_name, vehicle.id) > (${after.name}, ${after.id})`;
}

/** `from` and `where` of the vehicles that pass. */
export function selected({ organizationId }: Tenant, selection: VehicleSelection): Raw {
  const { depotId, statuses, connectivities, capabilities, within, search } = selection;
  const where = allOf([
    sql`vehicle.organization_id = ${organizationId}`,
    depotId === null ? null : sql`vehicle.home_depot_id = ${depotId}`,
    statuses && sql`vehicle.status = any(array[${statuses}]::text[])`,
    capabilities && sql`vehicle.capabilities @> array[${capabilities}]::text[]`,
    search === null ? null : matching(containing(search)),
    connectivities && sql`${connectivity} = any(array[${connectivities}]::text[])`,
    within && inside(within),
  ]);
  const positions = connectivities || within ? latestPositions : sql``;
  return sql`fleet.vehicles as vehicle ${positions} where ${where}`;
}

const latestPositions = sql`
  join fleet.organizations as organization on organization.id = vehicle.organization_id
  left join fleet.latest_positions as latest on latest.vehicle_id = vehicle.id`;

// The same rule as `connectivityOf`, on the database's clock.
const connectivity = sql`
  case
    when latest.recorded_at is null then 'NEVER_SEEN'
    when now() - latest.recorded_at < make_interval(secs => organization.stale_after_seconds)
      then 'ONLINE'
    when now() - latest.recorded_at < make_interval(secs => ${OFFLINE_AFTER_SECONDS}) then 'STALE'
    else 'OFFLINE'
  end`;

function matching(pattern: string): Raw {
  return sql`(vehicle.display_name ilike ${pattern} or vehicle.registration_plate ilike ${pattern})`;
}

function inside({ south, west, north, east }: NonNullable<VehicleSelection['within']>): Raw {
  const longitude =
    west <= east
      ? sql`latest.longitude between ${west} and ${east}`
      : sql`(latest.longitude >= ${west} or latest.longitude <= ${east})`;
  return sql`latest.latitude between ${south} and ${north} and ${longitude}`;
}
