import { LockMode, sql } from '@mikro-orm/postgresql';
import { allOf, containing } from '../conditions.ts';
import { Driver } from '../entities/driver.ts';
import type { NameKey, PageOf } from '../keyset.ts';
import type { Tenant } from '../tenant.ts';

/** Which drivers of the tenant: those that pass everything that is not null. */
export type DriverSelection = {
  depotId: string | null;
  dutyStatuses: readonly Driver['dutyStatus'][] | null;
  /** Part of the display name. */
  search: string | null;
};

export async function findDrivers(
  { em, organizationId }: Tenant,
  ids: readonly string[],
): Promise<Driver[]> {
  return em.find(Driver, { organizationId, id: { $in: [...ids] } });
}

/** The driver, held until the end of the transaction. */
export async function lockDriver(
  { em, organizationId }: Tenant,
  id: string,
): Promise<Driver | null> {
  return em.findOne(Driver, { organizationId, id }, { lockMode: LockMode.PESSIMISTIC_WRITE });
}

/** By display name. */
export async function listDrivers(
  { em, organizationId }: Tenant,
  { depotId, dutyStatuses, search }: DriverSelection,
  { limit, after }: PageOf<NameKey>,
): Promise<Driver[]> {
  const where = allOf([
    sql`organization_id = ${organizationId}`,
    depotId === null ? null : sql`home_depot_id = ${depotId}`,
    dutyStatuses && sql`duty_status = any(array[${dutyStatuses}]::text[])`,
    search === null ? null : sql`display_name ilike ${containing(search)}`,
    after && sql`(display_name, id) > (${after.name}, ${after.id})`,
  ]);
  const rows = await em.execute(sql`
    select * from fleet.drivers where ${where} order by display_name, id limit ${limit}`);
  return rows.map((row) => em.map(Driver, row));
}
