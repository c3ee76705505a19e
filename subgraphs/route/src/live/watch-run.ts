import type { LiveSource } from '@quantumroute/ops/live-event';
import type { Postgres } from '@quantumroute/ops/postgres';
import { runDetached } from '@quantumroute/ops/request';
import { watchRow } from '@quantumroute/ops/watch-row';
import { isFinalRunStatus } from '@quantumroute/schema/events';
import DataLoader from 'dataloader';

import type { OptimizationRun } from '../storage/entities/optimization-run.ts';
import { findRunsOfAll } from '../storage/stores/run-queries.ts';
import type { TenantScope } from '../storage/tenant-scope.ts';
import type { RunChanges } from './run-changes.ts';

/** Reads the present state of a run for one of its watchers; null when there is none for them. */
export type LatestRun = (scope: TenantScope, runId: string) => Promise<OptimizationRun | null>;

/** At most two states a second. */
const PAUSE_MS = 500;

/** One run from its present state to its end. */
export function watchRun({
  runId,
  scope,
  changes,
  latest,
}: {
  runId: string;
  scope: TenantScope;
  changes: RunChanges;
  latest: LatestRun;
}): LiveSource<OptimizationRun> {
  return watchRow({
    listen: (listener) => changes.ofRun(runId, listener),
    load: () => latest(scope, runId),
    isFinal: ({ status }) => isFinalRunStatus(status),
    pauseMs: PAUSE_MS,
  });
}

/** One event wakes many watchers at the same moment: they share a statement, and nothing is kept. */
export function createLatestRun(postgres: Postgres): LatestRun {
  const loader = new DataLoader<string, OptimizationRun | null>(
    (ids) =>
      runDetached(async () => {
        const runs = await findRunsOfAll(postgres.fork(), [...new Set(ids)]);
        const byId = new Map(runs.map((run) => [run.id, run]));
        return ids.map((id) => byId.get(id) ?? null);
      }),
    { cache: false, maxBatchSize: 500 },
  );
  return async ({ organizationId, partnerId }, runId) => {
    if (partnerId !== null) return null;
    const run = await loader.load(runId);
    return run?.organizationId === organizationId ? run : null;
  };
}
