import { connectionOf, pageOf } from '@quantumroute/ops/page';
import { decodeId, encodeId } from '@quantumroute/schema/ids';

import { routeListCursor, unassignedCursor } from '../cursors.ts';
import { connectionCount } from './connection.ts';
import { loaded } from './loaded.ts';
import type { OrderConnectionResolvers, PlanResolvers } from './schema-types.ts';
import { metricsOf } from './values.ts';

export const plan: PlanResolvers = {
  __resolveReference({ id }, { loaders }) {
    const planId = decodeId('plan', id);
    return planId === null ? null : loaders.plans.load(planId);
  },
  id: ({ id }) => encodeId('plan', id),
  date: ({ serviceDate }) => serviceDate,
  depot: ({ depotId }) => ({ depotId }),
  async routes({ id }, { first, after = null }, { loaders }) {
    const { limit } = pageOf({ first, after });
    const page = { limit, after: routeListCursor.read(after) };
    const routes = await loaders.routesOfPlan.load({ parentId: id, arguments: page });
    return {
      ...connectionOf(routes ?? [], first, routeListCursor.of),
      countUpTo: async (upTo: number) =>
        (await loaders.routeCountOfPlan.load({ parentId: id, arguments: { limit: upTo } })) ?? 0,
    };
  },
  async unassigned({ id }, { first, after = null }, { loaders }) {
    const { limit } = pageOf({ first, after });
    const page = { limit, after: unassignedCursor.read(after) };
    const orders = await loaders.unassignedOfPlan.load({ parentId: id, arguments: page });
    return {
      ...connectionOf(orders ?? [], first, unassignedCursor.of),
      countUpTo: async (upTo: number) =>
        (await loaders.unassignedCountOfPlan.load({ parentId: id, arguments: { limit: upTo } })) ??
        0,
    };
  },
  async metrics({ id }, _args, { loaders }) {
    const sums = await loaded(loaders.planMetrics, id);
    return metricsOf(sums, sums.currency);
  },
  async runs({ id }, { first }, { loaders }) {
    const { limit } = pageOf({ first });
    const page = { limit: limit - 1 };
    return (await loaders.runsOfPlan.load({ parentId: id, arguments: page })) ?? [];
  },
};

export const orderConnection: OrderConnectionResolvers = connectionCount;
