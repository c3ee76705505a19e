import type { EntityManager } from '@mikro-orm/postgresql';

import type { StopKind } from '../entities/stop.ts';

/** A published route that is not dispatched yet. Instants are milliseconds since the epoch. */
export type PresentRoute = {
  id: string;
  shiftId: string | null;
  vehicleId: string;
  driverId: string;
  distanceMeters: number;
  /** From the last stop to the depot. */
  returnSeconds: number;
  /** A decimal with two digits. */
  cost: string;
  currency: string;
  /** In the order of the visits. */
  stops: PresentStop[];
};

export type PresentStop = {
  kind: StopKind;
  arrivalMs: number;
  /** From the stop before it, or from the depot. */
  legDistanceMeters: number;
  legDurationSeconds: number;
  legIsEstimated: boolean;
  orders: PresentOrder[];
};

export type PresentOrder = {
  id: string;
  promisedStartMs: number | null;
  promisedEndMs: number | null;
};

/** What publishing a proposal for the plan would replace. */
export async function presentRoutes(em: EntityManager, planId: string): Promise<PresentRoute[]> {
  return em.execute(
    `select route.id, shift_id as "shiftId", vehicle_id as "vehicleId", driver_id as "driverId",
       distance_meters as "distanceMeters",
       round(extract(epoch from planned_end - coalesce(last_departure, planned_end)))::int
         as "returnSeconds", cost::text, currency, coalesce(stops, '[]') as stops
     from route.routes route
     left join lateral (
       select max(planned_departure) as last_departure, jsonb_agg(jsonb_build_object(
         'kind', kind, 'arrivalMs', extract(epoch from planned_arrival) * 1000,
         'legDistanceMeters', leg_distance_meters, 'legDurationSeconds', leg_duration_seconds,
         'legIsEstimated', leg_is_estimated,
         'orders', coalesce(orders, '[]')) order by sequence) as stops
       from route.stops stop
       left join lateral (
         select jsonb_agg(jsonb_build_object(
           'id', id, 'promisedStartMs', extract(epoch from promised_start) * 1000,
           'promisedEndMs', extract(epoch from promised_end) * 1000) order by id) as orders
         from route.orders where stop_id = stop.id
       ) served on true
       where stop.route_id = route.id
     ) visits on true
     where plan_id = ? and status = 'PLANNED'
     order by route.id`,
    [planId],
  );
}
