import type { EntityManager } from '@mikro-orm/postgresql';

import type { FailureReason, Stop } from '../entities/stop.ts';
import type { Visit } from './visit-writes.ts';
import { lockRouteOfStop, visitOf } from './visit-writes.ts';

/** Locks a stop of any driver with the orders that were finished with it; null when there is none. */
export async function lockFinishedVisit(
  em: EntityManager,
  { stopId, organizationId }: { stopId: string; organizationId: string },
): Promise<Visit | null> {
  const route = await lockRouteOfStop(em, { stopId, organizationId });
  if (route === null) return null;
  return visitOf(em, { route, stopId, statuses: ['DELIVERED', 'PARTIALLY_DELIVERED', 'FAILED'] });
}

/** A stop that failed has no proof of delivery. */
export async function writeCorrection(
  em: EntityManager,
  corrected: {
    stop: Stop;
    outcome: 'COMPLETED' | 'FAILED';
    arrivedAt: Date | null;
    departedAt: Date;
    failureReason: FailureReason | null;
    note: string | null;
  },
): Promise<void> {
  const { stop, outcome, arrivedAt, departedAt, failureReason, note } = corrected;
  await em.execute(
    `update route.stops set
       status = ?, arrived_at = ?, departed_at = ?, failure_reason = ?, failure_note = ?,
       version = version + 1
     where id = ?`,
    [outcome, arrivedAt, departedAt, failureReason, outcome === 'FAILED' ? note : null, stop.id],
  );
  if (outcome === 'COMPLETED') return;
  await em.execute(
    `update route.stops set proof_captured_at = null, proof_synced_at = null,
       proof_recipient_name = null, proof_latitude = null, proof_longitude = null,
       proof_distance_meters = null, proof_sha256 = null
     where id = ?`,
    [stop.id],
  );
}

/** A route begins with the first thing that happened at its stops, and ends with the last departure. */
export async function correctRoute(em: EntityManager, routeId: string): Promise<void> {
  await em.execute(
    `update route.routes set
       started_at = visits.first, version = version + 1,
       ended_at = case when status = 'COMPLETED' then visits.last end
     from (
       select min(coalesce(arrived_at, departed_at)) as first, max(departed_at) as last
       from route.stops where route_id = ?
     ) visits
     where id = ?`,
    [routeId, routeId],
  );
}
