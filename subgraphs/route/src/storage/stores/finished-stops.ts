import type { EntityManager } from '@mikro-orm/postgresql';

import type { GeoPoint } from '../../planning/travel/geo-point.ts';
import type { FailureReason, StopKind } from '../entities/stop.ts';

/** A finished stop with everything that its event is made of. Instants are milliseconds since the epoch. */
export type FinishedStop = {
  stopId: string;
  organizationId: string;
  depotId: string;
  routeId: string;
  vehicleId: string;
  driverId: string;
  serviceDate: string;
  kind: StopKind;
  outcome: 'COMPLETED' | 'FAILED';
  failureReason: FailureReason | null;
  windowStart: number | null;
  windowEnd: number | null;
  plannedArrival: number;
  /** Null when it failed without the vehicle having been there. */
  arrivedAt: number | null;
  departedAt: number;
  plannedSequence: number;
  actualSequence: number;
  serviceSeconds: number;
  legDistanceMeters: number;
  legDurationSeconds: number;
  latitude: number;
  longitude: number;
  /** Null when fleet knows the depot no more. */
  depotPoint: GeoPoint | null;
  /** The stop of the route that was left last before the arrival at this one. */
  previous: { sequence: number; departedAt: number } | null;
  /** In no order. */
  orders: DueOrder[];
};

type DueOrder = {
  partnerId: string | null;
  status: 'DELIVERED' | 'PARTIALLY_DELIVERED' | 'FAILED';
  attempt: number;
  loadWeightKg: number;
  deliveredQuantity: number;
};

/** The finished stops of a route by their planned sequence, or one of them. */
export async function finishedStops(
  em: EntityManager,
  { routeId, stopId = null }: { routeId: string; stopId?: string | null },
): Promise<FinishedStop[]> {
  return em.execute(FINISHED_STOPS, [routeId, stopId, stopId]);
}

const FINISHED_STOPS = `
  select stop.id as "stopId", stop.organization_id as "organizationId",
    route.depot_id as "depotId", route.id as "routeId", route.vehicle_id as "vehicleId",
    route.driver_id as "driverId", route.service_date::text as "serviceDate", stop.kind,
    stop.status as outcome, stop.failure_reason as "failureReason",
    ${milliseconds('stop.window_start')} as "windowStart",
    ${milliseconds('stop.window_end')} as "windowEnd",
    ${milliseconds('stop.planned_arrival')} as "plannedArrival",
    ${milliseconds('stop.arrived_at')} as "arrivedAt",
    ${milliseconds('stop.departed_at')} as "departedAt",
    stop.sequence as "plannedSequence", stop.actual_sequence as "actualSequence",
    stop.service_seconds as "serviceSeconds", stop.leg_distance_meters as "legDistanceMeters",
    stop.leg_duration_seconds as "legDurationSeconds", stop.latitude, stop.longitude,
    case when depot.id is not null then jsonb_build_object(
      'latitude', depot.latitude, 'longitude', depot.longitude) end as "depotPoint",
    previous.visit as previous, coalesce(due.orders, '[]') as orders
  from route.stops stop
  join route.routes route on route.id = stop.route_id
  left join fleet_published.depots depot
    on depot.id = route.depot_id and depot.organization_id = route.organization_id
  left join lateral (
    select jsonb_build_object('sequence', earlier.sequence,
      'departedAt', ${milliseconds('earlier.departed_at')}) as visit
    from route.stops earlier
    where earlier.route_id = stop.route_id and earlier.id <> stop.id
      and earlier.departed_at <= stop.arrived_at
    order by earlier.departed_at desc, earlier.actual_sequence desc limit 1
  ) previous on true
  left join lateral (
    select jsonb_agg(jsonb_build_object(
      'partnerId', o.partner_id, 'status', o.status, 'attempt', o.attempt,
      'loadWeightKg', o.load_weight_kg,
      'deliveredQuantity', (select sum((parcel ->> 'deliveredQuantity')::int)
        from jsonb_array_elements(o.parcels) parcel))) as orders
    from route.orders o
    where o.stop_id = stop.id and o.status in ('DELIVERED', 'PARTIALLY_DELIVERED', 'FAILED')
  ) due on true
  where stop.route_id = ? and stop.departed_at is not null
    and (?::uuid is null or stop.id = ?::uuid)
  order by stop.sequence`;

function milliseconds(column: string): string {
  return `(extract(epoch from ${column}) * 1000)::float8`;
}
