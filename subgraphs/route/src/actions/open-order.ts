import { userError } from '@quantumroute/ops/user-errors';
import { decodeId } from '@quantumroute/schema/ids';
import type { EntityManager } from '@mikro-orm/postgresql';

import { refusedStep } from '../lifecycles/lifecycle.ts';
import { ORDER_TRANSITIONS } from '../lifecycles/order-lifecycle.ts';
import type { Order } from '../storage/entities/order.ts';
import { lockOrder } from '../storage/stores/order-locks.ts';
import type { TenantScope } from '../storage/tenant-scope.ts';
import { refuse } from './outcome.ts';

/**
 * Locks an order that can still be cancelled, and so be changed, in the version that the caller has
 * read. Refuses with NOT_FOUND, VERSION_CONFLICT or ILLEGAL_TRANSITION.
 */
export async function lockOpenOrder(
  tx: EntityManager,
  scope: TenantScope,
  { id, expectedVersion }: { id: string; expectedVersion: number },
): Promise<Order> {
  const orderId = decodeId('order', id);
  const order = orderId === null ? null : await lockOrder(tx, scope, orderId);
  if (order === null) return refuse(userError.notFound(['id'], 'order'));
  if (order.version !== expectedVersion) {
    refuse(userError.versionConflict(['expectedVersion'], order.version));
  }
  const step = { from: order.status, to: 'CANCELED', path: ['id'] } as const;
  const refused = refusedStep(ORDER_TRANSITIONS, step);
  return refused === null ? order : refuse(refused);
}
