import { decodeId } from '@quantumroute/schema/ids';

import { outcomeOf } from '../experiments/outcome.ts';
import type { ExperimentResolvers, RouteResolvers } from './schema-types.ts';

export const route: RouteResolvers = {
  performance: ({ id, date }, _args, { loaders }) => {
    const routeId = decodeId('route', id);
    return routeId === null ? null : loaders.performance.load({ id: routeId, day: date });
  },
};

export const experiment: ExperimentResolvers = {
  outcome: async ({ id, variants }, _args, { loaders }) => {
    const experimentId = decodeId('experiment', id);
    const samples = experimentId === null ? null : await loaders.samples.load(experimentId);
    return samples && outcomeOf(samples, variants);
  },
};
