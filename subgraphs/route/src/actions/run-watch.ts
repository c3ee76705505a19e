import { failure } from '@quantumroute/ops/failures';
import type { LiveSource } from '@quantumroute/ops/live-event';

import type { RouteContext } from '../context.ts';
import { watchRun } from '../live/watch-run.ts';
import type { OptimizationRun } from '../storage/entities/optimization-run.ts';

/** A run from its present state to its end; throws NOT_FOUND for whoever may not see it. */
export async function watchOptimizationRun(
  { scope, runs: { changes, latest } }: RouteContext,
  runId: string,
): Promise<LiveSource<OptimizationRun>> {
  const own = scope();
  if ((await latest(own, runId)) === null) throw failure('NOT_FOUND', 'There is no such run');
  return watchRun({ runId, scope: own, changes, latest });
}
