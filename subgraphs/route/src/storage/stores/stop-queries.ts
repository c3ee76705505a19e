import type { EntityManager } from '@mikro-orm/postgresql';

import { StopEntity } from '../entities/stop.ts';
import type { Stop, StopStatus } from '../entities/stop.ts';
import { groupRows, mapRows, sqlArray } from '../sql.ts';
import type { TenantScope } from '../tenant-scope.ts';

/** A partner sees the stops that serve one of its orders. */
const VISIBLE = `(?::uuid is null or exists (
  select 1 from route.orders o where o.stop_id = stop.id and o.partner_id = ?::uuid))`;

export async function findStops(
  em: EntityManager,
  scope: TenantScope,
  ids: readonly string[],
): Promise<Stop[]> {
  const rows: object[] = await em.execute(
    `select stop.* from route.stops stop
     where stop.id = any (?::uuid[]) and stop.organization_id = ? and ${VISIBLE}`,
    [sqlArray(ids), scope.organizationId, scope.partnerId, scope.partnerId],
  );
  return mapRows(em, StopEntity, rows);
}

/** The stops of each route in the order of the visits, at most `limit` for each. */
export async function stopsOfRoutes(
  em: EntityManager,
  scope: TenantScope,
  {
    routeIds,
    limit,
    afterSequence,
    statuses,
  }: {
    routeIds: readonly string[];
    limit: number;
    afterSequence: number | null;
    statuses: readonly StopStatus[] | null;
  },
): Promise<Stop[][]> {
  const wantedStatuses = statuses === null ? null : sqlArray(statuses);
  const rows: object[] = await em.execute(
    `select stop.*
     from unnest(?::uuid[]) as wanted (route_id)
     cross join lateral (
       select * from route.stops stop
       where stop.route_id = wanted.route_id and stop.organization_id = ? and stop.sequence > ?
         and (?::text[] is null or stop.status = any (?::text[])) and ${VISIBLE}
       order by stop.sequence
       limit ?
     ) stop
     order by stop.route_id, stop.sequence`,
    [
      sqlArray(routeIds),
      scope.organizationId,
      afterSequence ?? 0,
      wantedStatuses,
      wantedStatuses,
      scope.partnerId,
      scope.partnerId,
      limit,
    ],
  );
  return groupRows(routeIds, mapRows(em, StopEntity, rows), (stop) => stop.routeId);
}
