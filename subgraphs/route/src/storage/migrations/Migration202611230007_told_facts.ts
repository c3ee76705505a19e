import { Migration } from '@mikro-orm/migrations';

/**
 * Facts have moved to the report subgraph, which makes them of events. What there was before is told
 * as events too, with the instant at which it was recorded; then its tables go.
 */
export class Migration202611230007_told_facts extends Migration {
  override up(): void {
    this.addSql(TELL_STOPS);
    this.addSql(TELL_ROUTES);
    this.addSql('drop view route_published.stop_facts, route_published.route_facts');
    this.addSql('drop table route.stop_facts, route.route_facts');
  }
}

const instant = (column: string) =>
  `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/**
 * In a block, which names the depots of fleet only when there are facts. Stops that are gone leave
 * what only they knew at zero; what was expected of an arrival is not known any more.
 */
const TELL_STOPS = `
do $$ begin
if exists (select from route.stop_facts) then
  insert into route.outbox (organization_id, type, subject_id, recorded_at, body)
  select fact.organization_id, 'stop.finished', fact.stop_id, fact.recorded_at, jsonb_build_object(
    'stopId', fact.stop_id, 'organizationId', fact.organization_id, 'depotId', fact.depot_id,
    'partnerId', fact.partner_id, 'routeId', fact.route_id, 'vehicleId', fact.vehicle_id,
    'driverId', fact.driver_id, 'serviceDate', fact.service_date, 'kind', fact.kind,
    'outcome', fact.outcome, 'failureReason', stop.failure_reason,
    'windowStart', ${instant('fact.window_start')}, 'windowEnd', ${instant('fact.window_end')},
    'plannedArrival', ${instant('fact.planned_arrival')},
    'arrivedAt', ${instant('fact.arrived_at')}, 'departedAt', ${instant('fact.departed_at')},
    'onTime', fact.on_time, 'orderCount', fact.order_count, 'ordersInFull', fact.orders_in_full,
    'ordersOtif', fact.orders_otif, 'ordersFirstAttempt', fact.orders_first_attempt,
    'dwellSeconds', fact.dwell_seconds) || jsonb_build_object(
    'plannedSequence', fact.planned_sequence, 'actualSequence', fact.actual_sequence,
    'serviceSeconds', fact.service_seconds,
    'legDistanceMeters', coalesce(stop.leg_distance_meters, 0),
    'legDurationSeconds', coalesce(stop.leg_duration_seconds, 0),
    'directDistanceMeters', coalesce(round(2 * 6371008.8 * asin(least(1, sqrt(
      sin(radians(stop.latitude - depot.latitude) / 2) ^ 2
      + cos(radians(depot.latitude)) * cos(radians(stop.latitude))
        * sin(radians(stop.longitude - depot.longitude) / 2) ^ 2)))), 0),
    'loadWeightKg', coalesce(due.kg, 0), 'etaErrorSeconds', null)
  from route.stop_facts fact
  left join route.stops stop on stop.id = fact.stop_id
  left join fleet_published.depots depot on depot.id = fact.depot_id
  left join lateral (
    select sum(load_weight_kg) as kg from route.orders where stop_id = fact.stop_id
  ) due on true
  order by fact.recorded_at, fact.stop_id;
end if;
end $$`;

const TELL_ROUTES = `
insert into route.outbox (organization_id, type, subject_id, recorded_at, body)
select fact.organization_id, 'route.finished', fact.route_id, fact.recorded_at, jsonb_build_object(
  'routeId', fact.route_id, 'organizationId', fact.organization_id, 'depotId', fact.depot_id,
  'vehicleId', fact.vehicle_id, 'driverId', fact.driver_id, 'serviceDate', fact.service_date,
  'plannedStart', ${instant('fact.planned_start')}, 'plannedEnd', ${instant('fact.planned_end')},
  'startedAt', ${instant('fact.started_at')}, 'endedAt', ${instant('fact.ended_at')},
  'distanceMeters', fact.distance_meters, 'drivingSeconds', fact.driving_seconds,
  'serviceSeconds', coalesce(route.service_seconds, 0),
  'waitingSeconds', coalesce(route.waiting_seconds, 0),
  'emptyDistanceMeters', case when ways.picks_up then 0
    else greatest(0, fact.distance_meters - coalesce(ways.to_stops, fact.distance_meters)) end,
  'stopCount', fact.stop_count, 'loadWeightKg', fact.load_weight_kg,
  'capacityWeightKg', fact.capacity_weight_kg,
  'loadWeightMeters', coalesce(ways.kg_meters, 0), 'cost', fact.cost, 'currency', fact.currency,
  'experimentId', fact.experiment_id, 'variantKey', fact.variant_key)
from route.route_facts fact
left join route.routes route on route.id = fact.route_id
left join lateral (
  select sum(meters) as to_stops, bool_or(kind = 'PICKUP') as picks_up,
    sum(meters * kg_on_board) as kg_meters
  from (
    select stop.leg_distance_meters as meters, stop.kind, sum(due.kg) over (
      order by stop.sequence rows between current row and unbounded following) as kg_on_board
    from route.stops stop
    left join lateral (
      select coalesce(sum(load_weight_kg), 0) as kg from route.orders where stop_id = stop.id
    ) due on true
    where stop.route_id = fact.route_id
  ) leg
) ways on true
order by fact.recorded_at, fact.route_id`;
