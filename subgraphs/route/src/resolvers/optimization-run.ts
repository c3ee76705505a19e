import { decodeId, encodeId } from '@quantumroute/schema/ids';

import { loaded } from './loaded.ts';
import type { OptimizationRunResolvers, ProposedRouteResolvers } from './schema-types.ts';
import { metricsOf } from './values.ts';

const MAX_SHOWN_ROUTES = 200;

export const optimizationRun: OptimizationRunResolvers = {
  __resolveReference({ id }, { loaders }) {
    const runId = decodeId('run', id);
    return runId === null ? null : loaders.runs.load(runId);
  },
  id: ({ id }) => encodeId('run', id),
  startedAt: ({ startedAt }) => startedAt ?? null,
  finishedAt: ({ finishedAt }) => finishedAt ?? null,
  progress: ({ elapsedSeconds, bestCost, assignedCount, unassignedCount, improvements }) => ({
    elapsedSeconds,
    bestCost: bestCost ?? null,
    assigned: assignedCount,
    unassigned: unassignedCount,
    improvements,
  }),
  async proposal({ id, status }, _args, { loaders }) {
    const proposal = status === 'SUCCEEDED' ? await loaders.proposals.load(id) : null;
    if (proposal === null) return null;
    const { currency, routes, unassigned, metrics } = proposal;
    return {
      routes: routes.slice(0, MAX_SHOWN_ROUTES).map((route) => ({ ...route, currency })),
      unassignedCount: unassigned.length,
      metrics: metricsOf(metrics, currency),
    };
  },
  diff({ diff }) {
    if (!diff) return null;
    const { costDelta, currency, ...changes } = diff;
    return { ...changes, costDelta: costDelta === null ? null : { amount: costDelta, currency } };
  },
  failure: ({ failure }) => failure ?? null,
  plan: ({ planId }, _args, { loaders }) => loaded(loaders.plans, planId),
  experimentVariant: ({ id }, _args, { loaders }) => loaders.variantOfRun.load(id),
  shadows: async ({ id }, _args, { loaders }) => (await loaders.shadowsOfRun.load(id)) ?? [],
};

export const proposedRoute: ProposedRouteResolvers = {
  vehicle: ({ vehicleId }) => ({ vehicleId }),
  driver: ({ driverId }) => ({ driverId }),
  stopCount: ({ stops }) => stops.length,
  metrics: ({ metrics, currency }) => metricsOf(metrics, currency),
};
