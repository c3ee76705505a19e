import type { Row } from '../load/tables.ts';
import type { OrderDraft } from '../orders/order-draft.ts';
import { createRandom } from '../random.ts';
import type { Random } from '../random.ts';
import { sortableId } from '../sortable-id.ts';
import type { FinishedRoute, FinishedStop } from './finished-day.ts';

type EventRow = Row<'route.order_events'>;
type EventType =
  | 'CREATED'
  | 'PLANNED'
  | 'DISPATCHED'
  | 'ARRIVED'
  | 'DELIVERED'
  | 'PARTIALLY_DELIVERED'
  | 'ATTEMPT_FAILED'
  | 'CANCELED';

/** What happened to the orders of a stop, from the first to the last; `ends` leaves out the middle. */
export function finishedEvents(
  route: FinishedRoute,
  stop: FinishedStop,
  kept: 'all' | 'ends',
): EventRow[] {
  return stop.orders.flatMap((order) => {
    const random = createRandom(`events/${order.id}`);
    const last: EventType = order.inFull ? 'DELIVERED' : 'PARTIALLY_DELIVERED';
    const middle: [EventType, number][] = [
      ['PLANNED', route.start - 7_200_000],
      ['DISPATCHED', route.start - 1_800_000],
      ['ARRIVED', stop.arrivedAt],
    ];
    return [
      event(random, order, { type: 'CREATED', at: order.createdAt }),
      ...(kept === 'all' ? middle.map(([type, at]) => event(random, order, { type, at })) : []),
      event(random, order, {
        type: stop.failure === null ? last : 'ATTEMPT_FAILED',
        at: stop.departedAt,
        recordedAt: stop.recordedAt,
        note: stop.failure,
      }),
    ];
  });
}

/** What happened to an order that was canceled an hour after it came in. */
export function canceledEvents(order: OrderDraft): EventRow[] {
  const random = createRandom(`events/${order.id}`);
  return [
    event(random, order, { type: 'CREATED', at: order.createdAt }),
    event(random, order, { type: 'CANCELED', at: order.createdAt + 3_600_000 }),
  ];
}

/** The first event of an order. */
export function createdEvent(order: OrderDraft): EventRow {
  return event(createRandom(`events/${order.id}`), order, { type: 'CREATED', at: order.createdAt });
}

function event(
  random: Random,
  order: OrderDraft,
  {
    type,
    at,
    recordedAt = at,
    note = null,
  }: { type: EventType; at: number; recordedAt?: number; note?: string | null },
): EventRow {
  return {
    id: sortableId(random, Math.floor(at)),
    organization_id: order.depot.organization.id,
    order_id: order.id,
    type,
    occurred_at: new Date(at),
    recorded_at: new Date(recordedAt),
    note,
  };
}
