import type { EntityManager } from '@mikro-orm/postgresql';

import type { RouteStatus } from '../entities/route.ts';
import { sqlArray } from '../sql.ts';

type DepotDay = { organizationId: string; depotId: string; date: string };

/** What there is to plan on a day; each number is `upTo` at most. */
export type DayCounts = { orders: number; vehicles: number; presentRoutes: number };

export async function countDay(
  em: EntityManager,
  { organizationId, depotId, date, upTo }: DepotDay & { upTo: number },
): Promise<DayCounts> {
  const [counts]: DayCounts[] = await em.execute(
    `with wanted as (select ?::uuid as organization_id, ?::uuid as depot_id, ?::date as date),
     plan as (
       select plan.id from route.plans plan, wanted
       where plan.organization_id = wanted.organization_id and plan.depot_id = wanted.depot_id
         and plan.service_date = wanted.date
     )
     select
       (select count(*)::int from (
         select 1 from route.orders o, wanted
         where o.depot_id = wanted.depot_id and o.service_date = wanted.date
           and o.organization_id = wanted.organization_id and ${IS_OPEN_ORDER} limit ?) found)
         as orders,
       (select count(*)::int from (
         select 1 from ${FREE_SHIFTS} join wanted on shift.organization_id = wanted.organization_id
         where shift.depot_id = wanted.depot_id and ${shiftIsOn('wanted.date')}
           and ${hasNoDispatchedRoute('(select id from plan)')} limit ?) found) as vehicles,
       (select count(*)::int from route.routes
        where plan_id = (select id from plan) and status = 'PLANNED') as "presentRoutes"`,
    [organizationId, depotId, date, upTo, upTo],
  );
  if (counts === undefined) throw new Error('A day was not counted');
  return counts;
}

/** A route that somebody wants to keep as it is. */
export type RouteToLock = {
  id: string;
  status: RouteStatus;
  isOfDay: boolean;
  /** Its vehicle and driver have a shift that a run can plan. */
  hasShift: boolean;
};

export async function routesToLock(
  em: EntityManager,
  { organizationId, depotId, date, ids }: DepotDay & { ids: readonly string[] },
): Promise<RouteToLock[]> {
  return em.execute(
    `select route.id, route.status,
       route.depot_id = ?::uuid and route.service_date = ?::date as "isOfDay",
       exists (
         select 1 from ${FREE_SHIFTS}
         where shift.organization_id = route.organization_id
           and shift.depot_id = route.depot_id and ${shiftIsOn('route.service_date')}
           and shift.id = route.shift_id and shift.vehicle_id = route.vehicle_id
           and shift.driver_id = route.driver_id
           and ${hasNoDispatchedRoute('route.plan_id')}) as "hasShift"
     from route.routes route where route.id = any (?::uuid[]) and route.organization_id = ?`,
    [depotId, date, sqlArray(ids), organizationId],
  );
}

/** An order `o` that a run may plan: on no dispatched route, and not ended. */
export const IS_OPEN_ORDER = `o.status in ('ACCEPTED', 'PLANNED')`;

/** Shifts with a usable vehicle, its driver and depot. */
export const FREE_SHIFTS = `fleet_published.shifts shift
     join fleet_published.vehicles vehicle on vehicle.id = shift.vehicle_id
       and vehicle.organization_id = shift.organization_id and vehicle.status = 'AVAILABLE'
     join fleet_published.drivers driver on driver.id = shift.driver_id
       and driver.organization_id = shift.organization_id
     join fleet_published.depots depot on depot.id = shift.depot_id`;

/** Whether `shift` starts on a day of its depot; `date` is an expression. */
export function shiftIsOn(date: string): string {
  return `shift.planned_start >= (${date})::timestamp at time zone depot.time_zone
       and shift.planned_start < ((${date}) + 1)::timestamp at time zone depot.time_zone`;
}

/** Whether nobody drives in `shift` for the plan yet; `planId` is an expression. */
export function hasNoDispatchedRoute(planId: string): string {
  return `not exists (
         select 1 from route.routes taken
         where taken.plan_id = ${planId} and taken.status <> 'PLANNED'
           and coalesce(taken.shift_id = shift.id,
             taken.vehicle_id = shift.vehicle_id or taken.driver_id = shift.driver_id))`;
}
