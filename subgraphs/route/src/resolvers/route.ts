import { connectionOf, pageOf } from '@quantumroute/ops/page';
import { decodeId, encodeId } from '@quantumroute/schema/ids';

import { stopCursor } from '../cursors.ts';
import { connectionCount } from './connection.ts';
import { loaded } from './loaded.ts';
import type { RouteConnectionResolvers, RouteResolvers } from './schema-types.ts';
import { metricsOf } from './values.ts';

export const route: RouteResolvers = {
  __resolveReference({ id }, { loaders }) {
    const routeId = decodeId('route', id);
    return routeId === null ? null : loaders.routes.load(routeId);
  },
  id: ({ id }) => encodeId('route', id),
  date: ({ serviceDate }) => serviceDate,
  depot: ({ depotId }) => ({ depotId }),
  vehicle: ({ vehicleId, vehicleName, registrationPlate }) => ({
    vehicleId,
    displayName: vehicleName,
    registrationPlate,
  }),
  driver: ({ driverId, driverName }) => ({ driverId, displayName: driverName }),
  async stops({ id }, { first, after = null, status = null }, { loaders }) {
    const { limit } = pageOf({ first, after });
    const afterSequence = stopCursor.read(after)?.sequence ?? null;
    const page = { limit, afterSequence, statuses: status };
    const stops = await loaders.stopsOfRoute.load({ parentId: id, arguments: page });
    return connectionOf(stops ?? [], first, stopCursor.of);
  },
  async nextStop({ id }, _args, { loaders }) {
    const { nextStop } = await loaded(loaders.timings, id);
    return nextStop && loaders.nextStops.load(nextStop.stop.id);
  },
  progress: async ({ id }, _args, { loaders }) => (await loaded(loaders.timings, id)).progress,
  planned: (parent) => metricsOf(parent, parent.currency),
  plan: ({ planId }, _args, { loaders }) => loaded(loaders.plans, planId),
  experimentVariant: ({ runId }, _args, { loaders }) =>
    runId == null ? null : loaders.variantOfRun.load(runId),
};

export const routeConnection: RouteConnectionResolvers = connectionCount;
