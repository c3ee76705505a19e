import type { EntityManager } from '@mikro-orm/postgresql';

import type { RouteStatus } from '../entities/route.ts';
import type { StopStatus } from '../entities/stop.ts';
import { groupRows, sqlArray } from '../sql.ts';

/** What times are computed from, in milliseconds since the epoch: no dates to parse for many stops. */
export type TimingStop = {
  id: string;
  routeId: string;
  routeStatus: RouteStatus;
  sequence: number;
  status: StopStatus;
  latitude: number;
  longitude: number;
  windowStartMs: number | null;
  windowEndMs: number | null;
  plannedArrivalMs: number;
  plannedDepartureMs: number;
  serviceSeconds: number;
  arrivedAtMs: number | null;
  departedAtMs: number | null;
};

/** All stops of each route in the order of the visits, in one statement for many routes. */
export async function timingStopsOfRoutes(
  em: EntityManager,
  { organizationId, routeIds }: { organizationId: string; routeIds: readonly string[] },
): Promise<TimingStop[][]> {
  const stops: TimingStop[] = await em.execute(
    `select stop.id, stop.route_id as "routeId", route.status as "routeStatus", stop.sequence,
       stop.status, stop.latitude, stop.longitude,
       ${milliseconds('stop.window_start')} as "windowStartMs",
       ${milliseconds('stop.window_end')} as "windowEndMs",
       ${milliseconds('stop.planned_arrival')} as "plannedArrivalMs",
       ${milliseconds('stop.planned_departure')} as "plannedDepartureMs",
       stop.service_seconds as "serviceSeconds",
       ${milliseconds('stop.arrived_at')} as "arrivedAtMs",
       ${milliseconds('stop.departed_at')} as "departedAtMs"
     from route.stops stop
     join route.routes route on route.id = stop.route_id
     where stop.route_id = any (?::uuid[]) and stop.organization_id = ?
     order by stop.route_id, stop.sequence`,
    [sqlArray(routeIds), organizationId],
  );
  return groupRows(routeIds, stops, (stop) => stop.routeId);
}

function milliseconds(column: string): string {
  return `(extract(epoch from ${column}) * 1000)::float8`;
}
