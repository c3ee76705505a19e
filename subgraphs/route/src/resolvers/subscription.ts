import { failure } from '@quantumroute/ops/failures';
import { decodeId } from '@quantumroute/schema/ids';

import { watchOptimizationRun } from '../actions/run-watch.ts';
import type { OptimizationRun } from '../storage/entities/optimization-run.ts';
import type { SubscriptionResolvers } from './schema-types.ts';

export const subscription: SubscriptionResolvers = {
  optimizationRunUpdated: {
    subscribe: (_parent, { id }, context) => {
      const runId = decodeId('run', id);
      if (runId === null) throw failure('NOT_FOUND', 'There is no such run');
      return watchOptimizationRun(context, runId);
    },
    resolve: (run: OptimizationRun) => run,
  },
};
