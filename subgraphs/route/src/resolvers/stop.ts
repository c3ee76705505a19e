import { decodeId, encodeId } from '@quantumroute/schema/ids';

import type { RouteContext } from '../context.ts';
import type { Route } from '../storage/entities/route.ts';
import type { Stop } from '../storage/entities/stop.ts';
import { planEta } from '../timing/eta.ts';
import { loaded } from './loaded.ts';
import type { StopResolvers } from './schema-types.ts';
import { placeOf, proofOf, windowOf } from './values.ts';

export const stop: StopResolvers = {
  __resolveReference({ id }, { loaders }) {
    const stopId = decodeId('stop', id);
    return stopId === null ? null : loaders.stops.load(stopId);
  },
  id: ({ id }) => encodeId('stop', id),
  async place(parent, _args, { loaders, scope }) {
    if (scope().partnerId === null) return placeOf(parent);
    // Orders of several partners can share a visit: each is shown the place as it wrote it down.
    const [own] = (await loaders.ordersOfStop.load(parent.id)) ?? [];
    return placeOf(own ?? parent);
  },
  orders: async ({ id }, _args, { loaders }) => (await loaders.ordersOfStop.load(id)) ?? [],
  window: ({ windowStart, windowEnd }) => windowOf(windowStart, windowEnd),
  planned: ({ plannedArrival, plannedDeparture }) => ({
    arrival: plannedArrival,
    departure: plannedDeparture,
  }),
  actual: ({ arrivedAt, departedAt }) =>
    arrivedAt || departedAt ? { arrival: arrivedAt ?? null, departure: departedAt ?? null } : null,
  eta: async (parent, _args, context) => planEta(await timingOf(parent, context), parent.id),
  async punctuality(parent, _args, context) {
    const timing = await timingOf(parent, context);
    return timing.stops.get(parent.id)?.punctuality ?? 'NOT_DUE';
  },
  legFromPrevious: ({ legDistanceMeters, legDurationSeconds, legIsEstimated }) => ({
    distanceMeters: legDistanceMeters,
    durationSeconds: legDurationSeconds,
    isEstimated: legIsEstimated,
  }),
  failure: ({ failureReason, failureNote, departedAt }) =>
    failureReason && departedAt
      ? { reason: failureReason, note: failureNote ?? null, at: departedAt }
      : null,
  proofOfDelivery: proofOf,
  route: ({ routeId }, _args, { loaders }): Promise<Route> => loaded(loaders.routes, routeId),
};

function timingOf({ routeId }: Stop, { loaders }: RouteContext) {
  return loaded(loaders.timings, routeId);
}
