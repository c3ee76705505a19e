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

export type TrackedDelivery = {
  __typename: 'TrackedDelivery';
  status: Order['status'];
  promisedWindow: { start: Date; end: Date } | null;
  eta: Eta | null;
  stopsAway: number | null;
  events: OrderEvent[];
};

export type TrackingResult =
  | TrackedDelivery
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
  asked: { token: string; nowMs: number },
): Promise<TrackingResult> {
  const { order, result } = await findTrackedOrder(em, asked);
  return order === null ? result : deliveryOf(em, order, asked.nowMs);
}

/** The order of a token that may still be tracked, or what to say instead. */
export async function findTrackedOrder(
  em: EntityManager,
  { token, nowMs }: { token: string; nowMs: number },
): Promise<
  { order: Order; result: null } | { order: null; result: Exclude<TrackingResult, TrackedDelivery> }
> {
  const order = await findOrderByToken(em, token);
  if (order === null) {
    const result = { __typename: 'TrackingNotFound', message: 'Nothing to track here' } as const;
    return { order, result };
  }
  const expiresAtMs = order.finishedAt ? order.finishedAt.getTime() + TRACKING_MS : Infinity;
  if (expiresAtMs <= nowMs) {
    const result = { __typename: 'TrackingExpired', expiredAt: new Date(expiresAtMs) } as const;
    return { order: null, result };
  }
  return { order, result: null };
}

/** How far the delivery of an order is. */
export async function deliveryOf(
  em: EntityManager,
  order: Order,
  nowMs: number,
): Promise<TrackedDelivery & { routeId: string | null }> {
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
): Promise<{ routeId: string | null; eta: Eta | null; stopsAway: number | null }> {
  const nowhere = { routeId: null, eta: null, stopsAway: null };
  if (!stopId) return nowhere;
  const [stop] = await findStops(em, { organizationId, partnerId: null }, [stopId]);
  if (stop === undefined) return nowhere;
  const { routeId } = stop;
  const [stops = []] = await timingStopsOfRoutes(em, { organizationId, routeIds: [routeId] });
  const timing = routeTiming(stops, nowMs);
  const here = timing.stops.get(stop.id);
  const isComing = here?.stop.routeStatus === 'IN_PROGRESS' && here.etaMs !== null;
  return { routeId, eta: planEta(timing, stop.id), stopsAway: isComing ? here.stopsAway : null };
}
