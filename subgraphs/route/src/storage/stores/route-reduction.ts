import type { EntityManager } from '@mikro-orm/postgresql';

import type { Order } from '../entities/order.ts';

/**
 * Takes an open order out of its route, if it has one, and out of what was promised to it. A stop that serves nothing any more goes and the sequence
 * closes; the way to the next stop keeps its length and duration over the place that is skipped, so
 * that the planned times stay true until the day is planned again. A route without stops goes too.
 */
export async function takeOutOfRoute(em: EntityManager, order: Order): Promise<void> {
  await em.execute(
    `update route.orders
     set stop_id = null, promised_start = null, promised_end = null, status = 'ACCEPTED'
     where id = ?`,
    [order.id],
  );
  if (!order.stopId) return;
  const [stop]: StopLeft[] = await em.execute(
    `select stop.id, stop.route_id as "routeId", stop.sequence,
       stop.leg_distance_meters as "legDistanceMeters",
       stop.leg_duration_seconds as "legDurationSeconds",
       exists (select 1 from route.orders o where o.stop_id = stop.id) as "isNeeded"
     from route.stops stop where stop.id = ?`,
    [order.stopId],
  );
  if (stop === undefined) return;
  if (stop.isNeeded) await shortenService(em, stop, order);
  else await removeStop(em, stop);
  await writeRouteAndPlan(em, stop, order);
}

type StopLeft = {
  id: string;
  routeId: string;
  sequence: number;
  legDistanceMeters: number;
  legDurationSeconds: number;
  isNeeded: boolean;
};

async function shortenService(em: EntityManager, stop: StopLeft, order: Order): Promise<void> {
  await em.execute(
    `update route.stops
     set service_seconds = greatest(0, service_seconds - ?), version = version + 1
     where id = ?`,
    [order.serviceSeconds, stop.id],
  );
}

async function removeStop(em: EntityManager, stop: StopLeft): Promise<void> {
  await em.execute('delete from route.stops where id = ?', [stop.id]);
  const isNext = 'sequence = ?::int + 1';
  await em.execute(
    `update route.stops set
       sequence = sequence - 1, version = version + 1,
       leg_distance_meters = leg_distance_meters + case when ${isNext} then ?::int else 0 end,
       leg_duration_seconds = leg_duration_seconds + case when ${isNext} then ?::int else 0 end,
       leg_is_estimated = leg_is_estimated or ${isNext}
     where route_id = ? and sequence > ?`,
    [
      stop.sequence,
      stop.legDistanceMeters,
      stop.sequence,
      stop.legDurationSeconds,
      stop.sequence,
      stop.routeId,
      stop.sequence,
    ],
  );
}

/** The time that the order would have taken becomes waiting. */
async function writeRouteAndPlan(em: EntityManager, stop: StopLeft, order: Order): Promise<void> {
  await em.execute(
    `with plan as (
       update route.plans set version = version + 1
       where id = (select plan_id from route.routes where id = ?)
     )
     update route.routes set
       stop_count = (select count(*) from route.stops where route_id = routes.id),
       load_weight_kg = greatest(0, load_weight_kg - ?),
       waiting_seconds = waiting_seconds + least(service_seconds, ?),
       service_seconds = greatest(0, service_seconds - ?),
       version = version + 1
     where id = ?`,
    [stop.routeId, order.loadWeightKg, order.serviceSeconds, order.serviceSeconds, stop.routeId],
  );
  await em.execute('delete from route.routes where id = ? and stop_count = 0', [stop.routeId]);
}
