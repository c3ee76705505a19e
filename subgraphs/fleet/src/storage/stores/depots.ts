import { sql } from '@mikro-orm/postgresql';
import { Depot } from '../entities/depot.ts';
import type { NameKey, PageOf } from '../keyset.ts';
import type { Tenant } from '../tenant.ts';

export async function findDepots(
  { em, organizationId }: Tenant,
  ids: readonly string[],
): Promise<Depot[]> {
  return em.find(Depot, { organizationId, id: { $in: [...ids] } });
}

/** By name. */
export async function listDepots(
  { em, organizationId }: Tenant,
  { limit, after }: PageOf<NameKey>,
): Promise<Depot[]> {
  const rows = await em.execute(sql`
    select * from fleet.depots
    where organization_id = ${organizationId}
      and ${after === null ? sql`true` : sql`(name, id) > (${after.name}, ${after.id})`}
    order by name, id limit ${limit}`);
  return rows.map((row) => em.map(Depot, row));
}
