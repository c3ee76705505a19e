import { raw, sql } from '@mikro-orm/postgresql';
import { Shift } from '../entities/shift.ts';
import type { PageOf, TimeKey } from '../keyset.ts';
import type { Tenant } from '../tenant.ts';

/** Calendar days, `YYYY-MM-DD`, both included. */
export type Days = { from: string; to: string };

export async function findShifts(
  { em, organizationId }: Tenant,
  ids: readonly string[],
): Promise<Shift[]> {
  return em.find(Shift, { organizationId, id: { $in: [...ids] } });
}

/**
 * The current shift of each driver or vehicle that has one: started and not ended, or else not
 * started yet while its planned time covers this moment.
 */
export async function findCurrentShifts(
  { em, organizationId }: Tenant,
  of: 'driverId' | 'vehicleId',
  ids: readonly string[],
): Promise<Shift[]> {
  const column = raw(of === 'driverId' ? 'driver_id' : 'vehicle_id');
  const rows = await em.execute(sql`
    select distinct on (${column}) * from fleet.shifts
    where organization_id = ${organizationId} and ${column} = any(array[${ids}]::uuid[])
      and ended_at is null
      and (started_at is not null or (planned_start <= now() and now() < planned_end))
    order by ${column}, (started_at is null), planned_start desc, id`);
  return rows.map((row) => em.map(Shift, row));
}

/** A page for each driver, oldest first, in one statement. Days are those of the home depot. */
export async function listShiftsOfDrivers(
  { em, organizationId }: Tenant,
  { driverIds, from, to }: Days & { driverIds: readonly string[] },
  { limit, after }: PageOf<TimeKey>,
): Promise<Map<string, Shift[]>> {
  const following = after
    ? sql`(shift.planned_start, shift.id) > (${after.at.toISOString()}, ${after.id})`
    : sql`true`;
  const rows = await em.execute(sql`
    select shift.* from fleet.drivers as driver
    join fleet.depots as depot on depot.id = driver.home_depot_id
    cross join lateral (
      select * from fleet.shifts as shift
      where shift.driver_id = driver.id and shift.organization_id = ${organizationId}
        and shift.planned_start >= ${from}::date::timestamp at time zone depot.time_zone
        and shift.planned_start < (${to}::date + 1)::timestamp at time zone depot.time_zone
        and ${following}
      order by shift.planned_start, shift.id limit ${limit}
    ) as shift
    where driver.organization_id = ${organizationId}
      and driver.id = any(array[${driverIds}]::uuid[])
    order by shift.planned_start, shift.id`);
  return Map.groupBy(
    rows.map((row) => em.map(Shift, row)),
    (shift) => shift.driverId,
  );
}

/**
 * Starts the driver's shift that is due at `at`: its planned time covers it, or begins within
 * `earlySeconds`. A start that is known stays unless `at` is earlier; a shift that had ended goes on.
 */
export async function startShift(
  { em, organizationId }: Tenant,
  { driverId, at, earlySeconds }: { driverId: string; at: Date; earlySeconds: number },
): Promise<void> {
  const instant = at.toISOString();
  await em.execute(sql`
    update fleet.shifts
    set started_at = least(started_at, ${instant}::timestamptz), ended_at = null
    where id = (
      select id from fleet.shifts
      where organization_id = ${organizationId} and driver_id = ${driverId}
        and planned_start <= ${instant}::timestamptz + make_interval(secs => ${earlySeconds})
        and (planned_end > ${instant}::timestamptz or (started_at is not null and ended_at is null))
      order by (started_at is not null and ended_at is null) desc,
        (ended_at is not null), planned_start, id
      limit 1
    )`);
}

/** Ends whatever shift of the driver is open, at `at` or at its start if that is later. */
export async function endShift(
  { em, organizationId }: Tenant,
  { driverId, at }: { driverId: string; at: Date },
): Promise<void> {
  await em.execute(sql`
    update fleet.shifts set ended_at = greatest(started_at, ${at.toISOString()}::timestamptz)
    where organization_id = ${organizationId} and driver_id = ${driverId}
      and started_at is not null and ended_at is null`);
}
