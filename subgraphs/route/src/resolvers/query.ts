import { badInput } from '@quantumroute/ops/failures';
import { connectionOf, pageOf } from '@quantumroute/ops/page';
import { decodeId } from '@quantumroute/schema/ids';

import { findTrackedDelivery } from '../actions/track.ts';
import { findTravelMatrix } from '../actions/travel-matrix.ts';
import type { RouteContext } from '../context.ts';
import { findOffers } from '../slots/find-offers.ts';
import { orderListCursor, routeListCursor } from '../cursors.ts';
import type { Order } from '../storage/entities/order.ts';
import {
  countOrders,
  findOrderByReference,
  findOrderByTrackingNumber,
  listOrders,
} from '../storage/stores/order-queries.ts';
import { countRoutes, listRoutes } from '../storage/stores/route-queries.ts';
import { experimentQueries } from './experiment.ts';
import { orderFilterOf, routeFilterOf, storableText } from './filters.ts';
import type { OrderConnectionParent, RouteConnectionParent } from './parents.ts';
import type { OrderLookup, QueryResolvers } from './schema-types.ts';

export const query: QueryResolvers = {
  order: (_parent, { by }, context) => findOrder(by, context),
  async orders(_parent, { first, after = null, filter }, { em, scope }) {
    const { limit } = pageOf({ first, after });
    const key = orderListCursor.read(after);
    const known = orderFilterOf(filter ?? {});
    if (known === null) return NOTHING;
    const rows = await listOrders(em, scope(), { filter: known, limit, after: key });
    return {
      ...connectionOf(rows, first, orderListCursor.of),
      countUpTo: (upTo) => countOrders(em, scope(), { filter: known, limit: upTo }),
    };
  },
  track: (_parent, { token }, { em, nowMs }) =>
    findTrackedDelivery(em, { token: storableText(['token'], token), nowMs }),
  route(_parent, { id }, { loaders }) {
    const routeId = decodeId('route', id);
    return routeId === null ? null : loaders.routes.load(routeId);
  },
  async routes(_parent, { first, after = null, filter }, { em, scope }) {
    const { limit } = pageOf({ first, after });
    const key = routeListCursor.read(after);
    const known = routeFilterOf(filter);
    if (known === null) return NOTHING;
    const rows = await listRoutes(em, scope(), { filter: known, limit, after: key });
    return {
      ...connectionOf(rows, first, routeListCursor.of),
      countUpTo: (upTo) => countRoutes(em, scope(), { filter: known, limit: upTo }),
    };
  },
  plan(_parent, { depotId, date }, { loaders }) {
    const depotUuid = decodeId('depot', depotId);
    return depotUuid === null ? null : loaders.plansOfDays.load({ depotId: depotUuid, date });
  },
  optimizationRun(_parent, { id }, { loaders }) {
    const runId = decodeId('run', id);
    return runId === null ? null : loaders.runs.load(runId);
  },
  slotOffers: async (_parent, { input }, context) => findOffers(context, input),
  ...experimentQueries,
  travelMatrix: (_parent, { input }, context) => findTravelMatrix(context, input),
};

/** A filter names a depot that cannot exist. */
const NOTHING: OrderConnectionParent & RouteConnectionParent = {
  nodes: [],
  pageInfo: { hasNextPage: false, endCursor: null },
  countUpTo: async () => 0,
};

async function findOrder(by: OrderLookup, context: RouteContext): Promise<Order | null> {
  const { em, loaders } = context;
  const { id, trackingNumber, externalReference } = by;
  if ([id, trackingNumber, externalReference].filter((value) => value != null).length !== 1) {
    throw badInput(['by'], 'by needs exactly one of id, trackingNumber and externalReference');
  }
  if (id != null) {
    const orderId = decodeId('order', id);
    return orderId === null ? null : loaders.orders.load(orderId);
  }
  const scope = context.scope();
  if (trackingNumber != null) {
    const number = storableText(['by', 'trackingNumber'], trackingNumber);
    return findOrderByTrackingNumber(em, scope, number);
  }
  const reference = storableText(['by', 'externalReference'], externalReference ?? '');
  const { partnerId, organizationId } = scope;
  if (partnerId === null) return null;
  return findOrderByReference(em, { organizationId, partnerId }, reference);
}
