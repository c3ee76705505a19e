import { newId } from '@quantumroute/schema/ids';
import type { EntityManager } from '@mikro-orm/postgresql';

import type { OrderEventType } from '../entities/order-event.ts';
import { sqlRecords } from '../sql.ts';

export type NewOrderEvent = {
  orderId: string;
  type: OrderEventType;
  /** The database's clock when left out. */
  occurredAt?: Date;
  note?: string | null;
};

/** All events in one statement. */
export async function insertOrderEvents(
  em: EntityManager,
  { organizationId, events }: { organizationId: string; events: readonly NewOrderEvent[] },
): Promise<void> {
  if (events.length === 0) return;
  await em.execute(
    `insert into route.order_events (id, organization_id, order_id, type, occurred_at, note)
     select "id", ?::uuid, "orderId", "type", coalesce("occurredAt", now()), "note"
     from jsonb_to_recordset(?::jsonb) as new (
       "id" uuid, "orderId" uuid, "type" text, "occurredAt" timestamptz, "note" text)`,
    [organizationId, sqlRecords(events.map((event) => ({ ...event, id: newId() })))],
  );
}
