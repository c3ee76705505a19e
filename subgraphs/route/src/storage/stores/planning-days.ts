import type { EntityManager } from '@mikro-orm/postgresql';

import { sqlArray } from '../sql.ts';
import type { PlanningDay } from './planning-queries.ts';

/** Of a day that nobody has planned. */
const NO_PLAN = '00000000-0000-0000-0000-000000000000';

/** Days of a depot, planned or not; none when the organization has no such depot. */
export async function planningDays(
  em: EntityManager,
  {
    organizationId,
    depotId,
    dates,
  }: { organizationId: string; depotId: string; dates: readonly string[] },
): Promise<PlanningDay[]> {
  return em.execute(
    `select coalesce(plan.id, ?::uuid) as "planId", depot.organization_id as "organizationId",
       depot.id as "depotId", day.date::text as "serviceDate",
       (extract(epoch from day.date::timestamp at time zone depot.time_zone) * 1000)::float8
         as "dayStartMs",
       depot.latitude, depot.longitude, organization.currency
     from fleet_published.depots depot
     join fleet_published.organizations organization on organization.id = depot.organization_id
     cross join unnest(?::date[]) as day (date)
     left join route.plans plan on plan.organization_id = depot.organization_id
       and plan.depot_id = depot.id and plan.service_date = day.date
     where depot.organization_id = ? and depot.id = ?
     order by day.date`,
    [NO_PLAN, sqlArray(dates), organizationId, depotId],
  );
}
