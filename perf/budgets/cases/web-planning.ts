import { encodeId, newId } from '@quantumroute/schema/ids';
import type { Fixture } from '../fixture/fixture.ts';
import type { BudgetCase } from './budget-case.ts';
import { sides } from './budget-case.ts';

/**
 * A day from optimization to dispatch. In this order: a live run would count against the
 * organization's quota, and a published plan has another version.
 */
export function webPlanning(fixture: Fixture): BudgetCase[] {
  const caller = 'dispatcher';
  return [
    sides(fixture, {
      caller,
      operation: 'BoardLive',
      proof: 'route.progress.totalStops',
      variables: ({ long, liveRunId }) => ({
        route: encodeId('route', long.id),
        order: encodeId('order', long.stops[0].orders[0].id),
        run: encodeId('run', liveRunId),
      }),
    }),
    sides(fixture, {
      caller,
      operation: 'OptimizeWatch',
      proof: 'optimizationRun.id',
      most: null,
      variables: ({ liveRunId }) => ({ id: encodeId('run', liveRunId) }),
    }),
    sides(fixture, {
      caller,
      operation: 'OptimizeFinish',
      proof: 'optimizationRunFinish.run.id',
      most: null,
      variables: ({ liveRunId }) => ({ id: encodeId('run', liveRunId) }),
    }),
    sides(fixture, {
      caller,
      operation: 'OptimizeCancel',
      proof: 'optimizationRunCancel.run.id',
      most: null,
      variables: ({ liveRunId }) => ({ id: encodeId('run', liveRunId) }),
    }),
    sides(fixture, {
      caller,
      operation: 'OptimizeProgress',
      proof: 'optimizationRun.proposal.routes',
      variables: ({ proposed }) => ({ id: encodeId('run', proposed.runId) }),
    }),
    sides(fixture, {
      caller,
      operation: 'Publish',
      proof: 'planPublish.plan.routes.nodes',
      most: 100,
      variables: ({ proposed: { planId, runId } }) => ({
        planId: encodeId('plan', planId),
        runId: encodeId('run', runId),
        expectedVersion: 1,
      }),
    }),
    sides(fixture, {
      caller,
      operation: 'Dispatch',
      proof: 'routesDispatch.routes',
      variables: ({ proposed, tomorrow }) => ({
        idempotencyKey: `dispatch ${proposed.planId}`,
        ids: tomorrow.routes.map(({ id }) => encodeId('route', id)),
      }),
    }),
    sides(fixture, {
      caller,
      operation: 'Optimize',
      proof: 'planOptimize.run.plan.id',
      most: null,
      variables: ({ depot, proposed }) => ({
        input: {
          idempotencyKey: newId(),
          depotId: encodeId('depot', depot.id),
          date: proposed.date,
          timeLimitSeconds: 1,
        },
      }),
    }),
  ];
}
