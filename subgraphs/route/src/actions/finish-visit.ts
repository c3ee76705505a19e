import type { EntityManager } from '@mikro-orm/postgresql';

import type { Order } from '../storage/entities/order.ts';
import type { OrderEventType } from '../storage/entities/order-event.ts';
import { insertRouteFact, insertStopFact } from '../storage/stores/fact-writes.ts';
import type { StopFact } from '../storage/stores/fact-writes.ts';
import { insertOrderEvents } from '../storage/stores/order-event-writes.ts';
import { advanceRoute, finishOrders } from '../storage/stores/visit-writes.ts';
import type { FinishedOrder, Visit } from '../storage/stores/visit-writes.ts';
import { wasOnTime } from '../timing/punctuality.ts';

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
  const { stop, route, orders } = visit;
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
  await insertStopFact(
    tx,
    stopFact({ stop: { ...stop, departedAt: occurredAt }, orders }, outcomes),
  );
  const advanced = await advanceRoute(tx, { route, occurredAt });
  if (advanced.status === 'COMPLETED') await insertRouteFact(tx, route.id);
}

function eventTypeOf(status: FinishedOrder['status']): OrderEventType {
  return status === 'DELIVERED' || status === 'PARTIALLY_DELIVERED' ? status : 'ATTEMPT_FAILED';
}

/** Without a promised window an order cannot be late: in full is enough. */
function stopFact(
  { stop, orders }: Pick<Visit, 'stop' | 'orders'>,
  outcomes: readonly FinishedOrder[],
): StopFact {
  const onTime = wasOnTime({
    windowStartMs: stop.windowStart?.getTime() ?? null,
    windowEndMs: stop.windowEnd?.getTime() ?? null,
    arrivedAtMs: stop.arrivedAt?.getTime() ?? null,
    departedAtMs: stop.departedAt?.getTime() ?? null,
  });
  const ordersInFull = outcomes.filter(({ status }) => status === 'DELIVERED').length;
  const delivered = new Set(outcomes.filter(hasDelivered).map(({ id }) => id));
  return {
    stopId: stop.id,
    partnerId: commonPartner(orders),
    onTime,
    orderCount: orders.length,
    ordersInFull,
    ordersOtif: onTime === false ? 0 : ordersInFull,
    ordersFirstAttempt: orders.filter(({ id, attempt }) => attempt === 1 && delivered.has(id))
      .length,
  };
}

/** A driver who completes a stop can still have come back with every parcel of one order. */
function hasDelivered({ parcels }: FinishedOrder): boolean {
  return parcels.some(({ deliveredQuantity }) => deliveredQuantity > 0);
}

function commonPartner(orders: readonly Order[]): string | null {
  const partnerIds = new Set(orders.map(({ partnerId }) => partnerId ?? null));
  const [only] = partnerIds;
  return partnerIds.size === 1 ? (only ?? null) : null;
}
