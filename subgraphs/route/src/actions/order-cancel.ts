import { userError } from '@quantumroute/ops/user-errors';
import { isStorableText } from '@quantumroute/schema/text';

import type { RouteContext } from '../context.ts';
import { insertOrderEvents } from '../storage/stores/order-event-writes.ts';
import { cancelOrder as writeCancellation } from '../storage/stores/order-writes.ts';
import { takeOutOfRoute } from '../storage/stores/route-reduction.ts';
import { lockOpenOrder } from './open-order.ts';
import { outcomeOf, refuse } from './outcome.ts';
import type { Outcome } from './outcome.ts';

const MAX_REASON_LENGTH = 500;

/** Cancels an open order and gives its id; a planned one leaves its route. */
export async function cancelOrder(
  { em, scope }: RouteContext,
  input: { id: string; expectedVersion: number; reason: string | null },
): Promise<Outcome<string>> {
  const { reason } = input;
  return outcomeOf(() =>
    em.transactional(async (tx) => {
      if (reason !== null && (reason.length > MAX_REASON_LENGTH || !isStorableText(reason))) {
        const message = `reason needs at most ${MAX_REASON_LENGTH} characters that can be stored`;
        refuse(userError.invalid(['reason'], message));
      }
      const order = await lockOpenOrder(tx, scope(), input);
      await takeOutOfRoute(tx, order);
      await writeCancellation(tx, order.id);
      await insertOrderEvents(tx, {
        organizationId: order.organizationId,
        events: [{ orderId: order.id, type: 'CANCELED', note: reason }],
      });
      return order.id;
    }),
  );
}
