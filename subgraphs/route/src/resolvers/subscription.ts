import { failure } from '@quantumroute/ops/failures';
import { decodeId } from '@quantumroute/schema/ids';

import { watchBoardOfDay } from '../actions/board-watch.ts';
import { watchOwnRoute } from '../actions/route-watch.ts';
import { watchOptimizationRun } from '../actions/run-watch.ts';
import { watchDelivery } from '../actions/track-watch.ts';
import type { TrackedDelivery } from '../actions/track.ts';
import type { OptimizationRun } from '../storage/entities/optimization-run.ts';
import type { BoardEvent } from '../live/board-events.ts';
import type { Route } from '../storage/entities/route.ts';
import { storableText } from './filters.ts';
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
  boardUpdated: {
    subscribe: (_parent, args, context) => watchBoardOfDay(context, args),
    resolve: (event: BoardEvent) => event,
  },
  myRouteUpdated: {
    subscribe: (_parent, _args, context) => watchOwnRoute(context),
    resolve: (route: Route) => route,
  },
  orderTracking: {
    subscribe: (_parent, { token }, context) =>
      watchDelivery(context, storableText(['token'], token)),
    resolve: (delivery: TrackedDelivery) => delivery,
  },
};
