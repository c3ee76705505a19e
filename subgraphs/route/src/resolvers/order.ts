import { connectionOf, pageOf } from '@quantumroute/ops/page';
import { decodeId, encodeId } from '@quantumroute/schema/ids';

import type { RouteContext } from '../context.ts';
import { orderEventCursor } from '../cursors.ts';
import { fitOptionsOfOrder } from '../present/fit-options-of-order.ts';
import type { Order } from '../storage/entities/order.ts';
import type { Stop } from '../storage/entities/stop.ts';
import { planEta } from '../timing/eta.ts';
import { trackingUrl } from '../tracking-url.ts';
import type { OrderResolvers, TrackingEventResolvers } from './schema-types.ts';
import { placeOf, proofOf, storedWindowOf, windowOf } from './values.ts';

export const order: OrderResolvers = {
  __resolveReference({ id }, { loaders }) {
    const orderId = decodeId('order', id);
    return orderId === null ? null : loaders.orders.load(orderId);
  },
  id: ({ id }) => encodeId('order', id),
  externalReference: ({ externalReference }) => externalReference ?? null,
  partner: ({ partnerId }) => (partnerId ? { partnerId } : null),
  depot: ({ depotId }) => ({ depotId }),
  load: ({ loadWeightKg, loadVolumeM3, loadParcels }) => ({
    weightKg: loadWeightKg,
    volumeM3: loadVolumeM3,
    parcels: loadParcels,
  }),
  place: placeOf,
  stop: stopOf,
  async route(parent, _args, context) {
    const stop = await stopOf(parent, {}, context);
    return stop && context.loaders.routes.load(stop.routeId);
  },
  requestedWindows: ({ requestedWindows }) => requestedWindows.map(storedWindowOf),
  promisedWindow: ({ promisedStart, promisedEnd }) => windowOf(promisedStart, promisedEnd),
  async eta(parent, _args, context) {
    const stop = await stopOf(parent, {}, context);
    const timing = stop && (await context.loaders.timings.load(stop.routeId));
    return timing && planEta(timing, stop.id);
  },
  fitOptions: (parent, _args, context) => fitOptionsOfOrder(context, parent),
  async events({ id }, { first, after = null }, { loaders }) {
    const { limit } = pageOf({ first, after });
    const page = { limit, after: orderEventCursor.read(after) };
    const events = await loaders.eventsOfOrder.load({ parentId: id, arguments: page });
    return connectionOf(events ?? [], first, orderEventCursor.of);
  },
  async proofOfDelivery(parent, _args, context) {
    const stop = await stopOf(parent, {}, context);
    return stop && proofOf(stop);
  },
  trackingUrl: ({ trackingToken }, _args, { publicUrl }) => trackingUrl(publicUrl, trackingToken),
};

export const trackingEvent: TrackingEventResolvers = {
  id: ({ id }) => encodeId('trackingEvent', id),
  note: ({ note }) => note ?? null,
};

async function stopOf(
  { stopId }: Order,
  _args: object,
  { loaders }: RouteContext,
): Promise<Stop | null> {
  return stopId ? loaders.stops.load(stopId) : null;
}
