import { pageOf } from '@quantumroute/ops/page';
import { decodeId, encodeId } from '@quantumroute/schema/ids';

import { createExperiment } from '../actions/experiment-create.ts';
import { stepExperiment } from '../actions/experiment-step.ts';
import type { Outcome } from '../actions/outcome.ts';
import type { RouteContext } from '../context.ts';
import { listExperiments } from '../storage/stores/experiment-queries.ts';
import type {
  ExperimentResolvers,
  MutationResolvers,
  QueryResolvers,
  ShadowRunResolvers,
} from './schema-types.ts';

export const experimentQueries: Pick<QueryResolvers, 'experiment' | 'experiments'> = {
  experiment: (_parent, { id }, { loaders }) => {
    const experimentId = decodeId('experiment', id);
    return experimentId === null ? null : loaders.experiments.load(experimentId);
  },
  experiments: (_parent, { first, status = null }, { em, scope }) => {
    const { limit } = pageOf({ first });
    return listExperiments(em, scope(), { limit: limit - 1, statuses: status });
  },
};

export const experimentMutations: Pick<
  MutationResolvers,
  'experimentCreate' | 'experimentStart' | 'experimentPause' | 'experimentConclude'
> = {
  experimentCreate: async (_parent, { input }, context) =>
    experimentPayload(await createExperiment(context, input), context),
  experimentStart: async (_parent, args, context) =>
    experimentPayload(await stepExperiment(context, { ...args, to: 'RUNNING' }), context),
  experimentPause: async (_parent, args, context) =>
    experimentPayload(await stepExperiment(context, { ...args, to: 'PAUSED' }), context),
  experimentConclude: async (_parent, args, context) =>
    experimentPayload(await stepExperiment(context, { ...args, to: 'CONCLUDED' }), context),
};

async function experimentPayload(outcome: Outcome<string>, context: RouteContext) {
  context.forgetLoaded();
  if (outcome.kind === 'refused') return { experiment: null, userErrors: [...outcome.userErrors] };
  return { experiment: await context.loaders.experiments.load(outcome.value), userErrors: [] };
}

export const experiment: ExperimentResolvers = {
  __resolveReference({ id }, { loaders }) {
    const experimentId = decodeId('experiment', id);
    return experimentId === null ? null : loaders.experiments.load(experimentId);
  },
  id: ({ id }) => encodeId('experiment', id),
  depots: ({ depotIds }) => depotIds.map((depotId) => ({ depotId })),
  startedAt: ({ startedAt }) => startedAt ?? null,
  endedAt: ({ endedAt }) => endedAt ?? null,
};

export const shadowRun: ShadowRunResolvers = {
  figures: ({ figures }) =>
    figures && { ...figures, cost: { amount: figures.cost, currency: figures.currency } },
};
