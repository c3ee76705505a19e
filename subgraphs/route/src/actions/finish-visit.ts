import type { EntityManager } from '@mikro-orm/postgresql';

import type { OrderEventType } from '../storage/entities/order-event.ts';
import { insertOrderEvents } from '../storage/stores/order-event-writes.ts';
import { appendEvents } from '../storage/stores/outbox-writes.ts';
import { advanceRoute, finishOrders } from '../storage/stores/visit-writes.ts';
import type { FinishedOrder, Visit } from '../storage/stores/visit-writes.ts';
import { routeEvents } from './route-events.ts';

/** What a finished stop means for its orders, its route and the reports: in the same transaction. */
export async function finishVisit(
  tx: EntityManager,
  {
    visit,
    occurredAt,
    outcomes,
    note = null,
  }: { visit: Visit; occurredAt: Date; outcomes: FinishedOrder[]; note?: string | null },
): Promise<void> {
  const { stop, route } = visit;
  await finishOrders(tx, { orders: outcomes, occurredAt });
  await insertOrderEvents(tx, {
    organizationId: stop.organizationId,
    events: outcomes.map(({ id, status }) => ({
      orderId: id,
      type: eventTypeOf(status),
      occurredAt,
      note,
    })),
  });
  const advanced = await advanceRoute(tx, { route, occurredAt });
  await appendEvents(tx, await routeEvents(tx, { route: advanced, stopId: stop.id }));
}

/** How the story of an order goes on when its stop is finished. */
export function eventTypeOf(status: FinishedOrder['status']): OrderEventType {
  return status === 'DELIVERED' || status === 'PARTIALLY_DELIVERED' ? status : 'ATTEMPT_FAILED';
}
