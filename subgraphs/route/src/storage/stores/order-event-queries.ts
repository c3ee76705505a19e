import type { EntityManager } from '@mikro-orm/postgresql';

import { OrderEventEntity } from '../entities/order-event.ts';
import type { OrderEvent } from '../entities/order-event.ts';
import { groupRows, mapRows, sqlArray } from '../sql.ts';

/** Sort key: oldest first. */
export type OrderEventKey = { occurredAt: Date; id: string };

/**
 * The events of each order, oldest first, at most `limit` for each. Whoever may see an order may
 * see its events, so that the caller's right to the orders is the caller's to check.
 */
export async function eventsOfOrders(
  em: EntityManager,
  {
    organizationId,
    orderIds,
    limit,
    after,
  }: {
    organizationId: string;
    orderIds: readonly string[];
    limit: number;
    after: OrderEventKey | null;
  },
): Promise<OrderEvent[][]> {
  const rows: object[] = await em.execute(
    `select event.*
     from unnest(?::uuid[]) as wanted (order_id)
     cross join lateral (
       select * from route.order_events
       where order_id = wanted.order_id and organization_id = ?
         and (?::timestamptz is null or (occurred_at, id) > (?::timestamptz, ?::uuid))
       order by occurred_at, id
       limit ?
     ) event`,
    [
      sqlArray(orderIds),
      organizationId,
      after?.occurredAt ?? null,
      after?.occurredAt ?? null,
      after?.id ?? null,
      limit,
    ],
  );
  return groupRows(orderIds, mapRows(em, OrderEventEntity, rows), (event) => event.orderId);
}
