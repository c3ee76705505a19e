import { failure } from '@quantumroute/ops/failures';
import type { LiveSource } from '@quantumroute/ops/live-event';

import type { RouteContext } from '../context.ts';
import { ORDER_TRANSITIONS } from '../lifecycles/order-lifecycle.ts';
import { watchState } from '../live/watch-state.ts';
import type { Order } from '../storage/entities/order.ts';
import type { DayChanges } from '../storage/stores/change-log.ts';
import { deliveryOf, findTrackedOrder } from './track.ts';
import type { TrackedDelivery } from './track.ts';

type Watched = TrackedDelivery & { routeId: string | null };

/** Anybody may watch: one state a second and watcher is what that costs at most. */
const PAUSE_MS = 1_000;

/** A delivery from its present state to its end, for whoever has the token. */
export async function watchDelivery(
  { em, live, nowMs }: RouteContext,
  token: string,
): Promise<LiveSource<TrackedDelivery>> {
  const { order } = await findTrackedOrder(em, { token, nowMs });
  if (order === null) throw failure('NOT_FOUND', 'Nothing to track here');
  return watchState<Watched>({
    listen: (listener) => live.tail.listen(order.organizationId, listener),
    concerns: (changes, last) => concerns(changes, order, last?.routeId ?? null),
    load: async () => {
      const fork = em.fork();
      const found = await findTrackedOrder(fork, { token, nowMs: Date.now() });
      return found.order && deliveryOf(fork, found.order, Date.now());
    },
    keyOf: ({ status, promisedWindow, eta, stopsAway, events }) =>
      JSON.stringify([status, promisedWindow, eta?.at, stopsAway, events.length]),
    isFinal: ({ status }) => ORDER_TRANSITIONS[status].length === 0,
    // An estimate that moves would leave no cache to anybody, and in a cache it lives for seconds.
    settles: ({ status }, last) => status !== last?.status,
    pauseMs: PAUSE_MS,
  });
}

/** Its own changes, and those of the route that it is on: what happens there moves its ETA. */
function concerns(
  { depotId, date, changes }: DayChanges,
  order: Order,
  routeId: string | null,
): boolean {
  if (depotId !== order.depotId || date !== order.serviceDate) return false;
  if (changes === null) return true;
  return changes.some(
    (change) => change.id === order.id || (routeId !== null && change.routeId === routeId),
  );
}
