import { newId } from '@quantumroute/schema/ids';
import type { EntityManager } from '@mikro-orm/postgresql';

import { PlanEntity } from '../entities/plan.ts';
import type { Plan } from '../entities/plan.ts';
import { mapRows } from '../sql.ts';

/** The plan of the depot and day; a DRAFT is made when there is none. */
export async function ensurePlan(
  em: EntityManager,
  { organizationId, depotId, date }: { organizationId: string; depotId: string; date: string },
): Promise<{ id: string; version: number }> {
  const [plan]: { id: string; version: number }[] = await em.execute(
    `insert into route.plans (id, organization_id, depot_id, service_date) values (?, ?, ?, ?)
     on conflict (organization_id, depot_id, service_date) do update set status = plans.status
     returning id, version`,
    [newId(), organizationId, depotId, date],
  );
  if (plan === undefined) throw new Error('A plan was neither found nor made');
  return plan;
}

export async function lockPlan(
  em: EntityManager,
  { id, organizationId }: { id: string; organizationId: string },
): Promise<Plan | null> {
  const rows: object[] = await em.execute(
    'select * from route.plans where id = ? and organization_id = ? for update',
    [id, organizationId],
  );
  return mapRows(em, PlanEntity, rows)[0] ?? null;
}

export async function markPublished(em: EntityManager, planId: string): Promise<void> {
  await em.execute(
    `update route.plans set status = 'PUBLISHED', version = version + 1 where id = ?`,
    [planId],
  );
}
