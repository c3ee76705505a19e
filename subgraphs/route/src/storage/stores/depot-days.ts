import type { EntityManager } from '@mikro-orm/postgresql';

import { sqlArray } from '../sql.ts';

/** One calendar day at a depot, in its time zone; milliseconds since the epoch, end excluded. */
export type DepotDayBounds = {
  depotId: string;
  latitude: number;
  longitude: number;
  date: string;
  startMs: number;
  endMs: number;
};

/** The days at every depot of the organization, or at one of them. */
export async function depotDays(
  em: EntityManager,
  {
    organizationId,
    dates,
    depotId = null,
  }: { organizationId: string; dates: readonly string[]; depotId?: string | null },
): Promise<DepotDayBounds[]> {
  return em.execute(
    `select depot.id as "depotId", depot.latitude, depot.longitude, day.date::text as date,
       (extract(epoch from day.date::timestamp at time zone depot.time_zone) * 1000)::float8
         as "startMs",
       (extract(epoch from (day.date + 1)::timestamp at time zone depot.time_zone) * 1000)::float8
         as "endMs"
     from fleet_published.depots depot
     cross join unnest(?::date[]) as day (date)
     where depot.organization_id = ? and (?::uuid is null or depot.id = ?::uuid)`,
    [sqlArray(dates), organizationId, depotId, depotId],
  );
}

/** Those of the depots that the organization has. */
export async function depotsOfOrganization(
  em: EntityManager,
  { organizationId, ids }: { organizationId: string; ids: readonly string[] },
): Promise<Set<string>> {
  const rows: { id: string }[] = await em.execute(
    'select id from fleet_published.depots where organization_id = ? and id = any (?::uuid[])',
    [organizationId, sqlArray(ids)],
  );
  return new Set(rows.map(({ id }) => id));
}
