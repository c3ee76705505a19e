import type { EntityManager } from '@mikro-orm/postgresql';

import { OrderEntity } from '../entities/order.ts';
import type { Order, OrderStatus, StoredParcel } from '../entities/order.ts';
import { RouteEntity } from '../entities/route.ts';
import type { Route } from '../entities/route.ts';
import { StopEntity } from '../entities/stop.ts';
import type { FailureReason, Stop } from '../entities/stop.ts';
import { mapRows, sqlArray, sqlRecords } from '../sql.ts';

/** A stop with what changes together with it. */
export type Visit = { stop: Stop; route: Route; orders: Order[] };

/**
 * Locks a stop by locking its route, so that the visits of one route are written one after the
 * other. Null unless the route is the driver's own.
 */
export async function lockVisit(
  em: EntityManager,
  which: { stopId: string; driverId: string; organizationId: string },
): Promise<Visit | null> {
  const route = await lockRouteOfStop(em, which);
  return route && visitOf(em, { route, stopId: which.stopId, statuses: ['DISPATCHED'] });
}

/** Of one driver, or of any in the organization. */
export async function lockRouteOfStop(
  em: EntityManager,
  {
    stopId,
    organizationId,
    driverId = null,
  }: { stopId: string; organizationId: string; driverId?: string | null },
): Promise<Route | null> {
  const routes: object[] = await em.execute(
    `select * from route.routes
     where id = (select route_id from route.stops where id = ?)
       and organization_id = ? and (?::uuid is null or driver_id = ?)
     for update`,
    [stopId, organizationId, driverId, driverId],
  );
  const [route] = mapRows(em, RouteEntity, routes);
  return route ?? null;
}

/** The stop of a locked route with its orders in one of the statuses, which are locked too. */
export async function visitOf(
  em: EntityManager,
  { route, stopId, statuses }: { route: Route; stopId: string; statuses: readonly OrderStatus[] },
): Promise<Visit | null> {
  const stops: object[] = await em.execute('select * from route.stops where id = ?', [stopId]);
  const [stop] = mapRows(em, StopEntity, stops);
  if (stop === undefined) return null;
  const orders: object[] = await em.execute(
    `select * from route.orders where stop_id = ? and status = any (?::text[])
     order by id for update`,
    [stopId, sqlArray(statuses)],
  );
  return { stop, route, orders: mapRows(em, OrderEntity, orders) };
}

export async function writeArrival(
  em: EntityManager,
  { stop, occurredAt }: { stop: Stop; occurredAt: Date },
): Promise<void> {
  await em.execute(
    `update route.stops set status = 'ARRIVED', arrived_at = ?, version = version + 1 where id = ?`,
    [occurredAt, stop.id],
  );
}

export type Proof = {
  recipientName: string | null;
  sha256: string;
  latitude: number | null;
  longitude: number | null;
  distanceMeters: number | null;
};

export async function writeCompletion(
  em: EntityManager,
  { stop, occurredAt, proof }: { stop: Stop; occurredAt: Date; proof: Proof | null },
): Promise<void> {
  await em.execute(
    `update route.stops set
       status = 'COMPLETED', departed_at = ?, ${ACTUAL_SEQUENCE}, proof_sha256 = ?,
       proof_captured_at = case when ?::text is null then null else ?::timestamptz end,
       proof_synced_at = case when ?::text is null then null else now() end,
       proof_recipient_name = ?, proof_latitude = ?, proof_longitude = ?,
       proof_distance_meters = ?, version = version + 1
     where id = ?`,
    [
      occurredAt,
      proof?.sha256 ?? null,
      proof?.sha256 ?? null,
      occurredAt,
      proof?.sha256 ?? null,
      proof?.recipientName ?? null,
      proof?.latitude ?? null,
      proof?.longitude ?? null,
      proof?.distanceMeters ?? null,
      stop.id,
    ],
  );
}

export async function writeFailure(
  em: EntityManager,
  failed: { stop: Stop; occurredAt: Date; reason: FailureReason; note: string | null },
): Promise<void> {
  const { stop, occurredAt, reason, note } = failed;
  await em.execute(
    `update route.stops set
       status = 'FAILED', departed_at = ?, ${ACTUAL_SEQUENCE}, failure_reason = ?,
       failure_note = ?, version = version + 1
     where id = ?`,
    [occurredAt, reason, note, stop.id],
  );
}

const ACTUAL_SEQUENCE = `actual_sequence = 1 + (
  select count(*) from route.stops finished
  where finished.route_id = stops.route_id and finished.departed_at is not null)`;

export type FinishedOrder = { id: string; status: OrderStatus; parcels: StoredParcel[] };

export async function finishOrders(
  em: EntityManager,
  { orders, occurredAt }: { orders: readonly FinishedOrder[]; occurredAt: Date },
): Promise<void> {
  await em.execute(
    `update route.orders set
       status = new."status", parcels = new."parcels", finished_at = ?, version = version + 1
     from jsonb_to_recordset(?::jsonb) as new ("id" uuid, "status" text, "parcels" jsonb)
     where orders.id = new."id"`,
    [occurredAt, sqlRecords(orders)],
  );
}

/** What became of the route: the first visit starts it, the last finished stop completes it. */
export async function advanceRoute(
  em: EntityManager,
  { route, occurredAt }: { route: Route; occurredAt: Date },
): Promise<Route> {
  const rows: object[] = await em.execute(
    `with progress as (
       select count(*) filter (where status in ('PENDING', 'ARRIVED')) as unfinished,
         max(departed_at) as last_departure
       from route.stops where route_id = ?
     )
     update route.routes set
       status = case when unfinished = 0 then 'COMPLETED' else 'IN_PROGRESS' end,
       started_at = least(started_at, ?::timestamptz),
       ended_at = case when unfinished = 0 then last_departure end,
       version = version + 1
     from progress
     where id = ?
     returning routes.*`,
    [route.id, occurredAt, route.id],
  );
  const [advanced] = mapRows(em, RouteEntity, rows);
  if (advanced === undefined) throw new Error(`Route ${route.id} is gone though it was locked`);
  return advanced;
}
