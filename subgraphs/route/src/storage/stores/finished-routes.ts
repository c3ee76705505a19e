import type { EntityManager } from '@mikro-orm/postgresql';

/** The body of `route.finished`: instants as RFC 3339 text. A later one of the same route corrects it. */
export type RouteFinished = {
  routeId: string;
  organizationId: string;
  depotId: string;
  vehicleId: string;
  driverId: string;
  serviceDate: string;
  plannedStart: string;
  plannedEnd: string;
  startedAt: string;
  endedAt: string;
  /** As it was planned, like all seconds. */
  distanceMeters: number;
  drivingSeconds: number;
  serviceSeconds: number;
  waitingSeconds: number;
  /** Driven with nothing on board: the way back of deliveries, the way to the first of pickups. */
  emptyDistanceMeters: number;
  stopCount: number;
  loadWeightKg: number;
  capacityWeightKg: number;
  /** What is on board times how far, over all legs. */
  loadWeightMeters: number;
  cost: number;
  currency: string;
  experimentId: string | null;
  variantKey: string | null;
};

/** What a completed route came to; null while it has not ended. */
export async function finishedRoute(
  em: EntityManager,
  routeId: string,
): Promise<RouteFinished | null> {
  const [route]: RouteFinished[] = await em.execute(FINISHED_ROUTE, [routeId, routeId]);
  return route ?? null;
}

const FINISHED_ROUTE = `
  with visits as (
    select stop.sequence, stop.kind, stop.leg_distance_meters as meters,
      (select coalesce(sum(o.load_weight_kg), 0) from route.orders o where o.stop_id = stop.id) as kg
    from route.stops stop where stop.route_id = ?
  ), legs as (
    select meters, sequence, kind,
      coalesce(sum(kg) filter (where kind = 'DROPOFF') over (
        order by sequence rows between current row and unbounded following), 0)
      + coalesce(sum(kg) filter (where kind = 'PICKUP') over (
        order by sequence rows between unbounded preceding and 1 preceding), 0) as kg,
      sum(kg) filter (where kind = 'PICKUP') over () as kg_back
    from visits
  ), ways as (
    select sum(meters) as to_stops, sum(meters * kg) as kg_meters, max(kg_back) as kg_back,
      bool_or(kind = 'DROPOFF') as delivers, bool_or(kind = 'PICKUP') as picks_up,
      min(meters) filter (where sequence = 1) as to_first
    from legs
  )
  select route.id as "routeId", route.organization_id as "organizationId",
    route.depot_id as "depotId", route.vehicle_id as "vehicleId", route.driver_id as "driverId",
    route.service_date::text as "serviceDate", ${instant('route.planned_start')} as "plannedStart",
    ${instant('route.planned_end')} as "plannedEnd", ${instant('route.started_at')} as "startedAt",
    ${instant('route.ended_at')} as "endedAt", route.distance_meters as "distanceMeters",
    route.driving_seconds as "drivingSeconds", route.service_seconds as "serviceSeconds",
    route.waiting_seconds as "waitingSeconds",
    case when not picks_up then way_back when not delivers then to_first else 0 end
      as "emptyDistanceMeters",
    route.stop_count as "stopCount", route.load_weight_kg as "loadWeightKg",
    route.capacity_weight_kg as "capacityWeightKg",
    (kg_meters + coalesce(kg_back, 0) * way_back)::float8 as "loadWeightMeters",
    route.cost::float8 as cost, route.currency, run.experiment_id as "experimentId",
    run.variant_key as "variantKey"
  from route.routes route
  left join route.optimization_runs run on run.id = route.run_id
  cross join ways
  cross join lateral (select greatest(0, route.distance_meters - to_stops)::int as way_back) home
  where route.id = ? and route.status = 'COMPLETED'`;

function instant(column: string): string {
  return `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}
