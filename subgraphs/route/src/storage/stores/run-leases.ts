import type { RunUpdated } from '@quantumroute/schema/events';
import type { EntityManager } from '@mikro-orm/postgresql';

import type { ObjectiveWeight } from '../entities/objective-weight.ts';
import type { CostPoint, OptimizationMode } from '../entities/optimization-run.ts';
import type { PlanDiff } from '../entities/plan-diff.ts';
import type { Proposal } from '../entities/proposal.ts';
import { sqlArray, sqlRecords } from '../sql.ts';
import { EVENT_COLUMNS, LIVE } from './run-rows.ts';

/** What its holder needs to know of a run. `attempt` is its fence. */
export type ClaimedRun = {
  id: string;
  attempt: number;
  planId: string;
  mode: OptimizationMode;
  stability: number;
  objectives: ObjectiveWeight[];
  lockedRouteIds: string[];
  algorithm: string;
  /** Then the algorithm is that of its variant, and no other may help. */
  isOfExperiment: boolean;
  seed: number;
  timeLimitSeconds: number;
  iterationLimit: number | null;
  finishRequested: boolean;
  event: RunUpdated;
};

/**
 * Takes the next run that nobody holds: of the organization that has the fewest on threads, the one
 * that waits longest. It starts over with the plan as it is now, whatever an earlier attempt had
 * found. `held`: the caller's own runs, which it still computes, even where it comes late to renew
 * their leases.
 */
export async function claimRun(
  em: EntityManager,
  { leaseMs, held }: { leaseMs: number; held: readonly string[] },
): Promise<ClaimedRun | null> {
  const [row]: ClaimedRun[] = await em.execute(
    `with busy as (
       select organization_id, count(*) as runs from route.optimization_runs
       where ${LIVE} and leased_until >= now() group by organization_id
     ), next as (
       select run.id from route.optimization_runs run left join busy using (organization_id)
       where ${LIVE} and (leased_until is null or leased_until < now()) and id <> all (?::uuid[])
       order by coalesce(busy.runs, 0), requested_at, run.id
       limit 1 for update of run skip locked
     ), claimed as (
       update route.optimization_runs
       set status = 'RUNNING', attempt = attempt + 1, version = version + 1,
         leased_until = now() + ?::float8 * interval '1 millisecond',
         plan_version = (select plans.version from route.plans where plans.id = plan_id),
         started_at = coalesce(started_at, now()), elapsed_seconds = 0, best_cost = null,
         assigned_count = 0, unassigned_count = 0, improvements = '[]'
       where id in (select id from next) returning *
     )
     select id, attempt, plan_id as "planId", mode, stability, objectives,
       to_jsonb(locked_route_ids) as "lockedRouteIds", algorithm,
       experiment_id is not null as "isOfExperiment", seed,
       time_limit_seconds as "timeLimitSeconds", iteration_limit as "iterationLimit",
       finish_requested as "finishRequested",
       (select to_jsonb(told) from (select ${EVENT_COLUMNS}) told) as event
     from claimed`,
    [sqlArray(held), leaseMs],
  );
  return row ?? null;
}

/** A run in the hands of one attempt. Every write of it changes nothing once another has taken over. */
export type RunHold = { id: string; attempt: number };

const HELD = `id = ? and attempt = ? and status = 'RUNNING'`;

export type RunFigures = {
  elapsedSeconds: number;
  bestCost: number | null;
  assigned: number;
  unassigned: number;
  improvements: readonly CostPoint[];
};

export async function writeProgress(
  em: EntityManager,
  hold: RunHold,
  figures: RunFigures,
): Promise<RunUpdated | null> {
  return write(em, hold, { changes: FIGURES, parameters: figureParameters(figures) });
}

export async function succeedRun(
  em: EntityManager,
  hold: RunHold,
  { proposal, diff, figures }: { proposal: Proposal; diff: PlanDiff; figures: RunFigures },
): Promise<RunUpdated | null> {
  return write(em, hold, {
    changes: `status = 'SUCCEEDED', finished_at = now(), leased_until = null,
      proposal = ?::jsonb, diff = ?::jsonb, ${FIGURES}`,
    parameters: [JSON.stringify(proposal), JSON.stringify(diff), ...figureParameters(figures)],
  });
}

export async function failRun(
  em: EntityManager,
  hold: RunHold,
  failure: string,
): Promise<RunUpdated | null> {
  return write(em, hold, {
    changes: `status = 'FAILED', finished_at = now(), leased_until = null, failure = ?`,
    parameters: [failure],
  });
}

/** For whoever is free; the attempt does not count. */
export async function handBack(em: EntityManager, hold: RunHold): Promise<RunUpdated | null> {
  return write(em, hold, { changes: 'leased_until = null, attempt = attempt - 1', parameters: [] });
}

const FIGURES = `elapsed_seconds = ?, best_cost = ?, assigned_count = ?, unassigned_count = ?,
  improvements = ?::jsonb`;

function figureParameters(figures: RunFigures): unknown[] {
  const { elapsedSeconds, bestCost, assigned, unassigned, improvements } = figures;
  return [elapsedSeconds, bestCost, assigned, unassigned, sqlRecords(improvements)];
}

async function write(
  em: EntityManager,
  { id, attempt }: RunHold,
  { changes, parameters }: { changes: string; parameters: unknown[] },
): Promise<RunUpdated | null> {
  const [event]: RunUpdated[] = await em.execute(
    `update route.optimization_runs set ${changes}, version = version + 1
     where ${HELD} returning ${EVENT_COLUMNS}`,
    [...parameters, id, attempt],
  );
  return event ?? null;
}

/** Says that these runs are in good hands, and gives those of them that still are. */
export async function renewLeases(
  em: EntityManager,
  holds: readonly RunHold[],
  leaseMs: number,
): Promise<{ id: string; finishRequested: boolean }[]> {
  return em.execute(
    `update route.optimization_runs run
     set leased_until = now() + ?::float8 * interval '1 millisecond'
     from jsonb_to_recordset(?::jsonb) as held (id uuid, attempt int)
     where run.id = held.id and run.attempt = held.attempt and run.status = 'RUNNING'
     returning run.id, run.finish_requested as "finishRequested"`,
    [leaseMs, sqlRecords(holds)],
  );
}
