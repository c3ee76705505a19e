import type { EntityManager } from '@mikro-orm/postgresql';

import type { RunStatus } from '../entities/optimization-run.ts';
import type { Proposal } from '../entities/proposal.ts';
import { sqlArray } from '../sql.ts';

/** Every write of a run is limited to the status that it expects: a run that ended stays ended. */
const LIVE = `status in ('QUEUED', 'RUNNING')`;

export type NewRun = {
  id: string;
  organizationId: string;
  planId: string;
  planVersion: number;
  algorithm: string;
  seed: number;
  timeLimitSeconds: number;
  requestedBy: string;
};

export async function insertRun(em: EntityManager, run: NewRun): Promise<void> {
  await em.execute(
    `insert into route.optimization_runs (
       id, organization_id, plan_id, plan_version, algorithm, seed, time_limit_seconds, requested_by)
     values (?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      run.id,
      run.organizationId,
      run.planId,
      run.planVersion,
      run.algorithm,
      run.seed,
      run.timeLimitSeconds,
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

export type StartedRun = {
  planId: string;
  algorithm: string;
  seed: number;
  timeLimitSeconds: number;
};

/** Null when the run has been cancelled or given up meanwhile. */
export async function startRun(em: EntityManager, id: string): Promise<StartedRun | null> {
  const [run]: StartedRun[] = await em.execute(
    `update route.optimization_runs
     set status = 'RUNNING', started_at = now(), heartbeat_at = now()
     where id = ? and status = 'QUEUED'
     returning plan_id as "planId", algorithm, seed, time_limit_seconds as "timeLimitSeconds"`,
    [id],
  );
  return run ?? null;
}

export type RunCounts = { elapsedSeconds: number; assigned: number; unassigned: number };

export async function writeProgress(
  em: EntityManager,
  id: string,
  { elapsedSeconds, assigned, unassigned }: RunCounts,
): Promise<void> {
  await em.execute(
    `update route.optimization_runs
     set elapsed_seconds = ?, assigned_count = ?, unassigned_count = ?, heartbeat_at = now()
     where id = ? and status = 'RUNNING'`,
    [elapsedSeconds, assigned, unassigned, id],
  );
}

export async function succeedRun(
  em: EntityManager,
  id: string,
  { proposal, counts }: { proposal: Proposal; counts: RunCounts },
): Promise<void> {
  await em.execute(
    `update route.optimization_runs
     set status = 'SUCCEEDED', finished_at = now(), proposal = ?::jsonb, elapsed_seconds = ?,
       assigned_count = ?, unassigned_count = ?
     where id = ? and status = 'RUNNING'`,
    [JSON.stringify(proposal), counts.elapsedSeconds, counts.assigned, counts.unassigned, id],
  );
}

export async function failRun(em: EntityManager, id: string, failure: string): Promise<void> {
  await em.execute(
    `update route.optimization_runs set status = 'FAILED', finished_at = now(), failure = ?
     where id = ? and ${LIVE}`,
    [failure, id],
  );
}

/** The status before the call and whether it is CANCELED now; null when there is no such run. */
export async function cancelRun(
  em: EntityManager,
  { id, organizationId }: { id: string; organizationId: string },
): Promise<RunStatus | null> {
  const [run]: { status: RunStatus }[] = await em.execute(
    `with run as (
       select id, status from route.optimization_runs
       where id = ? and organization_id = ? for update
     ), canceled as (
       update route.optimization_runs set status = 'CANCELED', finished_at = now()
       where id in (select id from run where ${LIVE})
     )
     select status from run`,
    [id, organizationId],
  );
  return run?.status ?? null;
}

/** Says that these runs are in good hands, and gives those of them that are still wanted. */
export async function beatHearts(em: EntityManager, ids: readonly string[]): Promise<Set<string>> {
  const rows: { id: string }[] = await em.execute(
    `update route.optimization_runs set heartbeat_at = now()
     where id = any (?::uuid[]) and ${LIVE} returning id`,
    [sqlArray(ids)],
  );
  return new Set(rows.map(({ id }) => id));
}

/** Ends the runs whose process has shown no sign of life for the lease, and gives their number. */
export async function failOrphanedRuns(em: EntityManager, leaseMs: number): Promise<number> {
  const rows: object[] = await em.execute(
    `update route.optimization_runs
     set status = 'FAILED', finished_at = now(),
       failure = 'The process that computed the run has gone away; start it again'
     where ${LIVE} and heartbeat_at < now() - ?::float8 * interval '1 millisecond'
     returning id`,
    [leaseMs],
  );
  return rows.length;
}
