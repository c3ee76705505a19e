import type { EntityManager } from '@mikro-orm/postgresql';

import { PlanEntity } from '../entities/plan.ts';
import type { Plan } from '../entities/plan.ts';
import { mapRows, sqlArray, sqlRecords } from '../sql.ts';
import type { TenantScope } from '../tenant-scope.ts';

export type DepotDay = { depotId: string; date: string };

/** `cost` is a decimal with two digits. */
export type PlanMetrics = {
  distanceMeters: number;
  drivingSeconds: number;
  serviceSeconds: number;
  waitingSeconds: number;
  cost: string;
  currency: string;
};

/** Plans are the organization's own business: a partner sees none. */
export async function findPlans(
  em: EntityManager,
  { organizationId, partnerId }: TenantScope,
  ids: readonly string[],
): Promise<Plan[]> {
  if (partnerId !== null) return [];
  return em.find(PlanEntity, { id: [...ids], organizationId }, { disableIdentityMap: true });
}

export async function findPlansOfDays(
  em: EntityManager,
  { organizationId, partnerId }: TenantScope,
  days: readonly DepotDay[],
): Promise<Plan[]> {
  if (partnerId !== null) return [];
  const rows: object[] = await em.execute(
    `select plan.* from route.plans plan
     join jsonb_to_recordset(?::jsonb) as wanted ("depotId" uuid, date date)
       on plan.depot_id = wanted."depotId" and plan.service_date = wanted.date
     where plan.organization_id = ?`,
    [sqlRecords(days), organizationId],
  );
  return mapRows(em, PlanEntity, rows);
}

/** Sums over the routes of each plan, in the organization's currency. */
export async function metricsOfPlans(
  em: EntityManager,
  { organizationId }: TenantScope,
  planIds: readonly string[],
): Promise<Map<string, PlanMetrics>> {
  const rows: (PlanMetrics & { planId: string })[] = await em.execute(
    `select plan.id as "planId",
       coalesce(sum(route.distance_meters), 0)::float8 as "distanceMeters",
       coalesce(sum(route.driving_seconds), 0)::float8 as "drivingSeconds",
       coalesce(sum(route.service_seconds), 0)::float8 as "serviceSeconds",
       coalesce(sum(route.waiting_seconds), 0)::float8 as "waitingSeconds",
       coalesce(sum(route.cost), 0)::numeric(16, 2)::text as cost,
       coalesce(max(route.currency), max(organization.currency)) as currency
     from route.plans plan
     left join route.routes route on route.plan_id = plan.id
     left join fleet_published.organizations organization on organization.id = plan.organization_id
     where plan.id = any (?::uuid[]) and plan.organization_id = ?
     group by plan.id`,
    [sqlArray(planIds), organizationId],
  );
  return new Map(rows.map(({ planId, ...metrics }) => [planId, metrics]));
}
