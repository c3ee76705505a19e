import type { EntityManager, FilterQuery } from '@mikro-orm/postgresql';

import { RouteEntity } from '../entities/route.ts';
import type { Route, RouteStatus } from '../entities/route.ts';
import { groupRows, mapRows, sqlArray } from '../sql.ts';
import type { TenantScope } from '../tenant-scope.ts';

export type RouteFilter = {
  serviceDate: string;
  depotId?: string;
  statuses?: readonly RouteStatus[];
};

/** Sort key: by the vehicle's name. */
export type RouteListKey = { vehicleName: string; id: string };

/** A partner sees the routes that serve one of its orders. */
export async function findRoutes(
  em: EntityManager,
  scope: TenantScope,
  ids: readonly string[],
): Promise<Route[]> {
  const rows: object[] = await em.execute(
    `select route.* from route.routes route
     where route.id = any (?::uuid[]) and route.organization_id = ?
       and (?::uuid is null or exists (
         select 1 from route.stops stop join route.orders o on o.stop_id = stop.id
         where stop.route_id = route.id and o.partner_id = ?::uuid))`,
    [sqlArray(ids), scope.organizationId, scope.partnerId, scope.partnerId],
  );
  return mapRows(em, RouteEntity, rows);
}

/** Lists are the organization's own business: a partner sees none. */
export async function listRoutes(
  em: EntityManager,
  scope: TenantScope,
  { filter, limit, after }: { filter: RouteFilter; limit: number; after: RouteListKey | null },
): Promise<Route[]> {
  if (scope.partnerId !== null) return [];
  return em.find(
    RouteEntity,
    { $and: [matching(scope, filter), after === null ? {} : following(after)] },
    { disableIdentityMap: true, orderBy: [{ vehicleName: 'asc' }, { id: 'asc' }], limit },
  );
}

/** Looks at no more than `limit` rows. */
export async function countRoutes(
  em: EntityManager,
  scope: TenantScope,
  { filter, limit }: { filter: RouteFilter; limit: number },
): Promise<number> {
  if (scope.partnerId !== null) return 0;
  const { sql, params } = em
    .createQueryBuilder(RouteEntity)
    .select('id')
    .where(matching(scope, filter))
    .limit(limit)
    .toQuery();
  const [row]: { rows: number }[] = await em.execute(
    `select count(*)::int as rows from (${sql}) as found`,
    params,
  );
  return row?.rows ?? 0;
}

/** The routes of each plan, at most `limit` for each. */
export async function routesOfPlans(
  em: EntityManager,
  scope: TenantScope,
  {
    planIds,
    limit,
    after,
  }: { planIds: readonly string[]; limit: number; after: RouteListKey | null },
): Promise<Route[][]> {
  const rows: object[] = await em.execute(
    `select route.*
     from unnest(?::uuid[]) as wanted (plan_id)
     cross join lateral (
       select * from route.routes
       where plan_id = wanted.plan_id and organization_id = ?
         and (?::text is null or (vehicle_name, id) > (?::text, ?::uuid))
       order by vehicle_name, id
       limit ?
     ) route`,
    [
      sqlArray(planIds),
      scope.organizationId,
      after?.vehicleName ?? null,
      after?.vehicleName ?? null,
      after?.id ?? null,
      limit,
    ],
  );
  return groupRows(planIds, mapRows(em, RouteEntity, rows), (route) => route.planId);
}

/** How many routes each plan has; looks at no more than `limit` of each. */
export async function countRoutesOfPlans(
  em: EntityManager,
  scope: TenantScope,
  { planIds, limit }: { planIds: readonly string[]; limit: number },
): Promise<Map<string, number>> {
  const rows: { plan_id: string; rows: number }[] = await em.execute(
    `select wanted.plan_id, counted.rows
     from unnest(?::uuid[]) as wanted (plan_id)
     cross join lateral (
       select count(*)::int as rows from (
         select 1 from route.routes
         where plan_id = wanted.plan_id and organization_id = ? limit ?
       ) found
     ) counted`,
    [sqlArray(planIds), scope.organizationId, limit],
  );
  return new Map(rows.map((row) => [row.plan_id, row.rows]));
}

/** For each vehicle the route that is on its way, else the next one that is dispatched. */
export async function activeRoutesOfVehicles(
  em: EntityManager,
  scope: TenantScope,
  vehicleIds: readonly string[],
): Promise<Route[]> {
  if (scope.partnerId !== null) return [];
  const rows: object[] = await em.execute(
    `select distinct on (vehicle_id) * from route.routes
     where vehicle_id = any (?::uuid[]) and organization_id = ?
       and status in ('DISPATCHED', 'IN_PROGRESS')
     order by vehicle_id, status = 'IN_PROGRESS' desc, planned_start, id`,
    [sqlArray(vehicleIds), scope.organizationId],
  );
  return mapRows(em, RouteEntity, rows);
}

/** For each driver the day's route: the one under way, else the next, else the last. */
export async function routesOfDrivers(
  em: EntityManager,
  scope: TenantScope,
  { driverIds, date }: { driverIds: readonly string[]; date: string },
): Promise<Route[]> {
  if (scope.partnerId !== null) return [];
  const rows: object[] = await em.execute(
    `select distinct on (driver_id) * from route.routes
     where driver_id = any (?::uuid[]) and service_date = ? and organization_id = ?
     order by driver_id, status = 'IN_PROGRESS' desc, status = 'COMPLETED', planned_start, id`,
    [sqlArray(driverIds), date, scope.organizationId],
  );
  return mapRows(em, RouteEntity, rows);
}

/**
 * The route that a driver has now: the one under way, else the next of today or of the week, if it
 * is dispatched, else the last of today; the day is that of the depot.
 */
export async function presentRouteOfDriver(
  em: EntityManager,
  { organizationId, partnerId }: TenantScope,
  driverId: string,
): Promise<Route | null> {
  if (partnerId !== null) return null;
  const rows: object[] = await em.execute(
    `select route.* from route.routes route
     join fleet_published.depots depot on depot.id = route.depot_id
     where route.driver_id = ? and route.organization_id = ?
       and route.service_date between current_date - 1 and current_date + 7
       and (route.status = 'IN_PROGRESS'
         or (route.status = 'DISPATCHED' and route.planned_start > now())
         or route.service_date = (now() at time zone depot.time_zone)::date)
     order by route.status = 'IN_PROGRESS' desc, route.status = 'COMPLETED',
       case when route.status = 'COMPLETED' then route.ended_at end desc, route.planned_start, route.id
     limit 1`,
    [driverId, organizationId],
  );
  return mapRows(em, RouteEntity, rows)[0] ?? null;
}

function matching({ organizationId }: TenantScope, filter: RouteFilter) {
  const { serviceDate, depotId, statuses } = filter;
  return {
    organizationId,
    serviceDate,
    ...(depotId ? { depotId } : {}),
    ...(statuses ? { status: [...statuses] } : {}),
  };
}

// The first condition is implied by the second; it is what lets the index start at the right place.
function following({ vehicleName, id }: RouteListKey): FilterQuery<Route> {
  return {
    vehicleName: { $gte: vehicleName },
    $or: [{ vehicleName: { $gt: vehicleName } }, { vehicleName, id: { $gt: id } }],
  };
}
