import type { RunUpdated } from '@quantumroute/schema/events';
import type { EntityManager } from '@mikro-orm/postgresql';

import { OptimizationRunEntity } from '../entities/optimization-run.ts';
import type { OptimizationRun } from '../entities/optimization-run.ts';
import type { Proposal } from '../entities/proposal.ts';
import { groupRows, mapRows, sqlArray } from '../sql.ts';
import type { TenantScope } from '../tenant-scope.ts';
import { EVENT_COLUMNS } from './run-rows.ts';

/** Runs are the organization's own business: a partner sees none. */
export async function findRuns(
  em: EntityManager,
  { organizationId, partnerId }: TenantScope,
  ids: readonly string[],
): Promise<OptimizationRun[]> {
  if (partnerId !== null) return [];
  return em.find(
    OptimizationRunEntity,
    { id: [...ids], organizationId },
    { disableIdentityMap: true },
  );
}

/** Runs of any organization: whoever asks has to look whose they are. */
export async function findRunsOfAll(
  em: EntityManager,
  ids: readonly string[],
): Promise<OptimizationRun[]> {
  return em.find(OptimizationRunEntity, { id: [...ids] }, { disableIdentityMap: true });
}

/** The present version of each run, as events. */
export async function runVersions(
  em: EntityManager,
  ids: readonly string[],
): Promise<RunUpdated[]> {
  return em.execute(
    `select ${EVENT_COLUMNS} from route.optimization_runs where id = any (?::uuid[])`,
    [sqlArray(ids)],
  );
}

/** Runs that wait for a thread, of all organizations together; no more than `upTo` are counted. */
export async function countWaitingRuns(em: EntityManager, upTo: number): Promise<number> {
  const rows: object[] = await em.execute(
    `select 1 from route.optimization_runs where status = 'QUEUED' limit ?`,
    [upTo],
  );
  return rows.length;
}

/** The runs of each plan, newest first, at most `limit` for each. */
export async function runsOfPlans(
  em: EntityManager,
  { organizationId }: TenantScope,
  { planIds, limit }: { planIds: readonly string[]; limit: number },
): Promise<OptimizationRun[][]> {
  const rows: object[] = await em.execute(
    `select run.*
     from unnest(?::uuid[]) as wanted (plan_id)
     cross join lateral (
       select id, organization_id, plan_id, plan_version, status, algorithm, seed,
         mode, time_limit_seconds, requested_at, started_at, finished_at, elapsed_seconds,
         best_cost, assigned_count, unassigned_count, improvements, diff, failure, version
       from route.optimization_runs
       where plan_id = wanted.plan_id and organization_id = ?
       order by requested_at desc, id desc
       limit ?
     ) run`,
    [sqlArray(planIds), organizationId, limit],
  );
  return groupRows(planIds, mapRows(em, OptimizationRunEntity, rows), (run) => run.planId);
}

export async function proposalsOfRuns(
  em: EntityManager,
  { organizationId }: TenantScope,
  runIds: readonly string[],
): Promise<Map<string, Proposal>> {
  const rows: { id: string; proposal: Proposal }[] = await em.execute(
    `select id, proposal from route.optimization_runs
     where id = any (?::uuid[]) and organization_id = ? and proposal is not null`,
    [sqlArray(runIds), organizationId],
  );
  return new Map(rows.map((row) => [row.id, row.proposal]));
}
