import { defineEntity, p } from '@mikro-orm/postgresql';
import type { InferEntity } from '@mikro-orm/postgresql';

export const ORDER_EVENT_TYPES = [
  'CREATED',
  'PLANNED',
  'DISPATCHED',
  'ARRIVED',
  'DELIVERED',
  'PARTIALLY_DELIVERED',
  'ATTEMPT_FAILED',
  'CANCELED',
] as const;
export type OrderEventType = (typeof ORDER_EVENT_TYPES)[number];

/** `occurredAt` is the driver's clock for what happens at a stop, `recordedAt` the database's. */
export const OrderEventEntity = defineEntity({
  name: 'OrderEvent',
  schema: 'route',
  tableName: 'order_events',
  properties: {
    id: p.uuid().primary(),
    organizationId: p.uuid(),
    orderId: p.uuid(),
    type: p.enum(ORDER_EVENT_TYPES),
    occurredAt: p.datetime(),
    recordedAt: p.datetime(),
    note: p.text().nullable(),
  },
});

export type OrderEvent = InferEntity<typeof OrderEventEntity>;
