import type { EntityManager } from '@mikro-orm/postgresql';

import { stopFinished } from '../outbox/stop-finished.ts';
import type { OrderEventType } from '../storage/entities/order-event.ts';
import { finishedRoute } from '../storage/stores/finished-routes.ts';
import { finishedStops } from '../storage/stores/finished-stops.ts';
import { insertOrderEvents } from '../storage/stores/order-event-writes.ts';
import { appendEvents } from '../storage/stores/outbox-writes.ts';
import type { NewEvent } from '../storage/stores/outbox-writes.ts';
import { advanceRoute, finishOrders } from '../storage/stores/visit-writes.ts';
import type { FinishedOrder, Visit } from '../storage/stores/visit-writes.ts';

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
  await appendEvents(tx, await eventsOf(tx, { stopId: stop.id, route: advanced }));
}

/** How the story of an order goes on when its stop is finished. */
export function eventTypeOf(status: FinishedOrder['status']): OrderEventType {
  return status === 'DELIVERED' || status === 'PARTIALLY_DELIVERED' ? status : 'ATTEMPT_FAILED';
}

async function eventsOf(
  tx: EntityManager,
  { stopId, route }: { stopId: string; route: Visit['route'] },
): Promise<NewEvent[]> {
  const stops = await finishedStops(tx, { routeId: route.id, stopId });
  const ended = route.status === 'COMPLETED' ? await finishedRoute(tx, route.id) : null;
  return [
    ...stops.map((stop) => ({ type: 'stop.finished' as const, body: stopFinished(stop) })),
    ...(ended === null ? [] : [{ type: 'route.finished' as const, body: ended }]),
  ];
}
