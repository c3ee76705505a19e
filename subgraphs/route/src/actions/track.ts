import type { EntityManager } from '@mikro-orm/postgresql';

import type { OrderEvent } from '../storage/entities/order-event.ts';
import type { Order } from '../storage/entities/order.ts';
import { eventsOfOrders } from '../storage/stores/order-event-queries.ts';
import { findOrderByToken } from '../storage/stores/order-queries.ts';
import { findStops } from '../storage/stores/stop-queries.ts';
import { timingStopsOfRoutes } from '../storage/stores/timing-queries.ts';
import { planEta } from '../timing/eta.ts';
import type { Eta } from '../timing/eta.ts';
import { routeTiming } from '../timing/route-timing.ts';

export type TrackingResult =
  | {
      __typename: 'TrackedDelivery';
      status: Order['status'];
      promisedWindow: { start: Date; end: Date } | null;
      eta: Eta | null;
      stopsAway: number | null;
      events: OrderEvent[];
    }
  | { __typename: 'TrackingExpired'; expiredAt: Date }
  | { __typename: 'TrackingNotFound'; message: string };

const TRACKING_MS = 30 * 24 * 60 * 60 * 1000;
const MAX_EVENTS = 100;

/**
 * What the public page shows. Nobody is logged in: the token is all the permission there is. It is
 * compared inside a unique index of 192 random bits, so that timing tells a guesser nothing.
 */
export async function findTrackedDelivery(
  em: EntityManager,
  { token, nowMs }: { token: string; nowMs: number },
): Promise<TrackingResult> {
  const order = await findOrderByToken(em, token);
  if (order === null) return { __typename: 'TrackingNotFound', message: 'Nothing to track here' };
  const expiresAtMs = order.finishedAt ? order.finishedAt.getTime() + TRACKING_MS : Infinity;
  if (expiresAtMs <= nowMs) {
    return { __typename: 'TrackingExpired', expiredAt: new Date(expiresAtMs) };
  }
  const { id, organizationId, promisedStart, promisedEnd } = order;
  const [progress, [events]] = await Promise.all([
    progressOf(em, order, nowMs),
    eventsOfOrders(em, { organizationId, orderIds: [id], limit: MAX_EVENTS, after: null }),
  ]);
  return {
    __typename: 'TrackedDelivery',
    status: order.status,
    promisedWindow:
      promisedStart && promisedEnd ? { start: promisedStart, end: promisedEnd } : null,
    ...progress,
    events: events ?? [],
  };
}

async function progressOf(
  em: EntityManager,
  { stopId, organizationId }: Order,
  nowMs: number,
): Promise<{ eta: Eta | null; stopsAway: number | null }> {
  if (!stopId) return { eta: null, stopsAway: null };
  const [stop] = await findStops(em, { organizationId, partnerId: null }, [stopId]);
  if (stop === undefined) return { eta: null, stopsAway: null };
  const [stops = []] = await timingStopsOfRoutes(em, { organizationId, routeIds: [stop.routeId] });
  const timing = routeTiming(stops, nowMs);
  const here = timing.stops.get(stop.id);
  const isComing = here?.stop.routeStatus === 'IN_PROGRESS' && here.etaMs !== null;
  return { eta: planEta(timing, stop.id), stopsAway: isComing ? here.stopsAway : null };
}
