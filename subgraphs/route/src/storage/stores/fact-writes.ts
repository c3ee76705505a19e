import type { EntityManager } from '@mikro-orm/postgresql';

export type StopFact = {
  stopId: string;
  /** Null when the stop served several partners, or none. */
  partnerId: string | null;
  onTime: boolean | null;
  orderCount: number;
  ordersInFull: number;
  ordersOtif: number;
  ordersFirstAttempt: number;
};

/** One row per finished stop, from the stop as it stands now and what its orders came to. */
export async function insertStopFact(em: EntityManager, fact: StopFact): Promise<void> {
  await em.execute(
    `insert into route.stop_facts (
       stop_id, organization_id, depot_id, partner_id, route_id, vehicle_id, driver_id,
       service_date, kind, outcome, window_start, window_end, planned_arrival, arrived_at,
       departed_at, on_time, order_count, orders_in_full, orders_otif, orders_first_attempt,
       dwell_seconds, planned_sequence, actual_sequence, service_seconds)
     select stop.id, stop.organization_id, route.depot_id, ?, route.id, route.vehicle_id,
       route.driver_id, route.service_date, stop.kind, stop.status, stop.window_start,
       stop.window_end, stop.planned_arrival, stop.arrived_at, stop.departed_at, ?, ?, ?, ?, ?,
       extract(epoch from stop.departed_at - stop.arrived_at)::int, stop.sequence,
       stop.actual_sequence, stop.service_seconds
     from route.stops stop
     join route.routes route on route.id = stop.route_id
     where stop.id = ?`,
    [
      fact.partnerId,
      fact.onTime,
      fact.orderCount,
      fact.ordersInFull,
      fact.ordersOtif,
      fact.ordersFirstAttempt,
      fact.stopId,
    ],
  );
}

/** One row per finished route. */
export async function insertRouteFact(em: EntityManager, routeId: string): Promise<void> {
  await em.execute(
    `insert into route.route_facts (
       route_id, organization_id, depot_id, vehicle_id, driver_id, service_date, planned_start,
       planned_end, started_at, ended_at, distance_meters, driving_seconds, stop_count,
       load_weight_kg, capacity_weight_kg, cost, currency, experiment_id, variant_key)
     select route.id, route.organization_id, depot_id, vehicle_id, driver_id, service_date,
       planned_start, planned_end, route.started_at, ended_at, distance_meters, driving_seconds,
       stop_count, load_weight_kg, capacity_weight_kg, cost, currency, experiment_id, variant_key
     from route.routes route
     left join route.optimization_runs run on run.id = route.run_id
     where route.id = ?`,
    [routeId],
  );
}
