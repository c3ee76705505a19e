import type { OrderStatus } from '../storage/entities/order.ts';
import type { Transitions } from './lifecycle.ts';

/** PLANNED goes back to ACCEPTED when a new plan or a change of the order takes it out of its route. */
export const ORDER_TRANSITIONS: Transitions<OrderStatus> = {
  ACCEPTED: ['PLANNED', 'CANCELED'],
  PLANNED: ['ACCEPTED', 'DISPATCHED', 'CANCELED'],
  DISPATCHED: ['DELIVERED', 'PARTIALLY_DELIVERED', 'FAILED'],
  DELIVERED: [],
  PARTIALLY_DELIVERED: [],
  FAILED: [],
  CANCELED: [],
};

/** What can still be changed or cancelled by whoever placed the order. */
export const OPEN_ORDER_STATUSES = ['ACCEPTED', 'PLANNED'] as const satisfies OrderStatus[];
