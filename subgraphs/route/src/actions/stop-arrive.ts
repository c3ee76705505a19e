import type { RouteContext } from '../context.ts';
import type { StopArriveInput } from '../resolvers/schema-types.ts';
import { insertOrderEvents } from '../storage/stores/order-event-writes.ts';
import { advanceRoute, writeArrival } from '../storage/stores/visit-writes.ts';
import { visit } from './visit.ts';

/** The driver is there. */
export async function arriveAtStop(
  context: RouteContext,
  { id, input }: { id: string; input: StopArriveInput },
) {
  const { occurredAt } = input;
  const step = { operation: 'stopArrive', to: 'ARRIVED', stopId: id, input } as const;
  return visit(context, step, async (tx, { stop, route, orders }) => {
    await writeArrival(tx, { stop, occurredAt });
    await advanceRoute(tx, { route, occurredAt });
    await insertOrderEvents(tx, {
      organizationId: stop.organizationId,
      events: orders.map((order) => ({ orderId: order.id, type: 'ARRIVED', occurredAt })),
    });
  });
}
