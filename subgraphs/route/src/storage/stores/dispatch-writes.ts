import type { EntityManager } from '@mikro-orm/postgresql';

import { RouteEntity } from '../entities/route.ts';
import type { Route } from '../entities/route.ts';
import { mapRows, sqlArray } from '../sql.ts';

/** Locks routes, and before them their plans. */
export async function lockRoutes(
  em: EntityManager,
  { organizationId, ids }: { organizationId: string; ids: readonly string[] },
): Promise<Route[]> {
  const parameters = [sqlArray(ids), organizationId];
  await em.execute(
    `select id from route.plans where id in (
       select plan_id from route.routes where id = any (?::uuid[]) and organization_id = ?)
     order by id for update`,
    parameters,
  );
  const rows: object[] = await em.execute(
    `select * from route.routes where id = any (?::uuid[]) and organization_id = ?
     order by id for update`,
    parameters,
  );
  return mapRows(em, RouteEntity, rows);
}

/** Dispatches the routes and their orders, and gives the ids of the orders. */
export async function dispatchRoutes(em: EntityManager, ids: readonly string[]): Promise<string[]> {
  await em.execute(
    `with dispatched as (
       update route.routes
       set status = 'DISPATCHED', dispatched_at = now(), version = version + 1
       where id = any (?::uuid[]) returning plan_id
     )
     update route.plans set version = version + 1 where id in (select plan_id from dispatched)`,
    [sqlArray(ids)],
  );
  const rows: { id: string }[] = await em.execute(
    `update route.orders set status = 'DISPATCHED', version = version + 1
     where status = 'PLANNED'
       and stop_id in (select id from route.stops where route_id = any (?::uuid[]))
     returning id`,
    [sqlArray(ids)],
  );
  return rows.map(({ id }) => id);
}
