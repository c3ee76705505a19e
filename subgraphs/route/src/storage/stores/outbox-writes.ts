import type { EntityManager } from '@mikro-orm/postgresql';

import type { StopFinished } from '../../outbox/stop-finished.ts';
import { sqlRecords } from '../sql.ts';
import type { RouteFinished } from './finished-routes.ts';

export type NewEvent =
  | { type: 'stop.finished'; body: StopFinished }
  | { type: 'route.finished'; body: RouteFinished };

/** Part of the transaction of what happened: events without it, or it without events, there are none. */
export async function appendEvents(tx: EntityManager, events: readonly NewEvent[]): Promise<void> {
  if (events.length === 0) return;
  const rows = events.map(({ type, body }) => ({
    type,
    body,
    organizationId: body.organizationId,
    subjectId: 'stopId' in body ? body.stopId : body.routeId,
  }));
  await tx.execute(
    `insert into route.outbox (organization_id, type, subject_id, body)
     select "organizationId", type, "subjectId", body
     from jsonb_to_recordset(?::jsonb) as new (
       "organizationId" uuid, type text, "subjectId" uuid, body jsonb)`,
    [sqlRecords(rows)],
  );
}
