import { encodeId } from '@quantumroute/schema/ids';

import { showEvidence } from '../actions/show-evidence.ts';
import type { KpiResolvers, KpiSetResolvers } from './schema-types.ts';

export const kpi: KpiResolvers = {
  evidence: async (parent, args, { identity, loaders }) => {
    const stops = await showEvidence(parent, args, {
      identity,
      load: (page) => loaders.evidence.load(page),
    });
    if (stops === null) return null;
    return { ...stops, nodes: stops.nodes.map(({ stopId }) => ({ id: encodeId('stop', stopId) })) };
  },
};

export const kpiSet: KpiSetResolvers = {
  restatedDays: async ({ scope: { organizationId }, period: { from, to } }, _args, { loaders }) =>
    (await loaders.restatedDays.load({ organizationId, from, to, since: null })) ?? [],
};
