import type { RunStatus, RunUpdated } from '@quantumroute/schema/events';
import type { EntityManager } from '@mikro-orm/postgresql';

import type { ObjectiveWeight } from '../entities/objective-weight.ts';
import type { OptimizationMode } from '../entities/optimization-run.ts';
import { sqlArray, sqlRecords } from '../sql.ts';
import { EVENT_COLUMNS, LIVE } from './run-rows.ts';

export type NewRun = {
  id: string;
  organizationId: string;
  planId: string;
  planVersion: number;
  mode: OptimizationMode;
  stability: number;
  objectives: readonly ObjectiveWeight[];
  lockedRouteIds: readonly string[];
  algorithm: string;
  seed: number;
  timeLimitSeconds: number;
  iterationLimit: number | null;
  requestedBy: string;
};

export async function insertRun(em: EntityManager, run: NewRun): Promise<void> {
  await em.execute(
    `insert into route.optimization_runs (
       id, organization_id, plan_id, plan_version, mode, stability, objectives, locked_route_ids,
       algorithm, seed, time_limit_seconds, iteration_limit, requested_by)
     values (?, ?, ?, ?, ?, ?, ?::jsonb, ?::uuid[], ?, ?, ?, ?, ?)`,
    [
      run.id,
      run.organizationId,
      run.planId,
      run.planVersion,
      run.mode,
      run.stability,
      sqlRecords(run.objectives),
      sqlArray(run.lockedRouteIds),
      run.algorithm,
      run.seed,
      run.timeLimitSeconds,
      run.iterationLimit,
      run.requestedBy,
    ],
  );
}

export type LiveRun = { planId: string; remainingSeconds: number };

/**
 * The runs of an organization that have not ended. Whoever asks waits until every other asker of
 * the organization has finished its transaction, so that a quota cannot be passed by two at once.
 */
export async function lockLiveRuns(em: EntityManager, organizationId: string): Promise<LiveRun[]> {
  await em.execute(`select pg_advisory_xact_lock(hashtextextended('route runs ' || ?::text, 0))`, [
    organizationId,
  ]);
  return em.execute(
    `select plan_id as "planId",
       greatest(1, ceil(time_limit_seconds - elapsed_seconds))::int as "remainingSeconds"
     from route.optimization_runs where organization_id = ? and ${LIVE}`,
    [organizationId],
  );
}

/** The status before the write, and the event when there was one. */
export type RunStep = { status: RunStatus; event: RunUpdated | null };

/** Cancels a live run; null when there is no such run. */
export async function cancelRun(
  em: EntityManager,
  run: { id: string; organizationId: string },
): Promise<RunStep | null> {
  return step(em, run, `status = 'CANCELED', finished_at = now(), leased_until = null`, LIVE);
}

/** Asks whoever computes the run to end it with the best plan so far; null when there is no such run. */
export async function requestFinish(
  em: EntityManager,
  run: { id: string; organizationId: string },
): Promise<RunStep | null> {
  return step(em, run, 'finish_requested = true', `status = 'RUNNING'`);
}

async function step(
  em: EntityManager,
  { id, organizationId }: { id: string; organizationId: string },
  changes: string,
  condition: string,
): Promise<RunStep | null> {
  const [row]: { before: RunStatus; event: RunUpdated | null }[] = await em.execute(
    `with run as (
       select id, status from route.optimization_runs
       where id = ? and organization_id = ? for update
     ), changed as (
       update route.optimization_runs set ${changes}, version = version + 1
       where id in (select id from run where ${condition})
       returning ${EVENT_COLUMNS}
     )
     select run.status as before, to_jsonb(changed) as event from run left join changed on true`,
    [id, organizationId],
  );
  return row === undefined ? null : { status: row.before, event: row.event };
}
