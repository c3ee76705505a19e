import { newId } from '@quantumroute/schema/ids';
import type { EntityManager } from '@mikro-orm/postgresql';

import type { PlanFigures } from '../../experiments/figures.ts';
import { sqlRecords } from '../sql.ts';

/** Every write of a shadow is limited to the attempt that it belongs to: a late one changes nothing. */
const LIVE = `status in ('QUEUED', 'RUNNING')`;
const ENDED = `finished_at = now(), leased_until = null, problem = null`;

export const MAX_SHADOW_ATTEMPTS = 10;
const MAX_LIVE_SHADOWS = 40;
/** What a shadow may take beside its time limit before another process takes it over. */
const GRACE_SECONDS = 60;

type NewShadow = { variantKey: string; algorithm: string };

/** Of one run. `problem`: see `snapshotOf`. */
export type NewShadows = { runId: string; shadows: readonly NewShadow[]; problem: Buffer };

/** The variants that have to shadow the run; none unless it plans a whole day as the control. */
export async function shadowsToQueue(em: EntityManager, runId: string): Promise<NewShadow[]> {
  return em.execute(
    `select variant ->> 'key' as "variantKey", variant ->> 'algorithm' as algorithm
     from route.optimization_runs run
     join route.experiments experiment on experiment.id = run.experiment_id
       and experiment.unit = 'SHADOW' and experiment.status = 'RUNNING'
     cross join lateral jsonb_array_elements(experiment.variants) variant
     where run.id = ? and run.mode = 'FULL'
       and cardinality(run.locked_route_ids) = 0 and not run.finish_requested
       and variant ->> 'key' <> run.variant_key
       and not exists (
         select 1 from route.routes route
         where route.plan_id = run.plan_id and route.status <> 'PLANNED')`,
    [runId],
  );
}

/**
 * Writes the shadows of a run down, in the place of those that still wait for an earlier run of the
 * plan. An organization that has too many of them gets no more.
 */
export async function queueShadows(
  em: EntityManager,
  { runId, shadows, problem }: NewShadows,
): Promise<void> {
  await em.execute(
    `update route.shadow_runs set status = 'CANCELED', ${ENDED}
     where ${LIVE} and run_id in (
       select earlier.id from route.optimization_runs run
       join route.optimization_runs earlier
         on earlier.plan_id = run.plan_id and earlier.id < run.id
       where run.id = ?)`,
    [runId],
  );
  await em.execute(
    `insert into route.shadow_runs (
       id, organization_id, run_id, experiment_id, variant_key, algorithm, problem)
     select new.id, run.organization_id, run.id, run.experiment_id, "variantKey", new.algorithm, ?
     from route.optimization_runs run
     cross join jsonb_to_recordset(?::jsonb) as new (id uuid, "variantKey" text, algorithm text)
     where run.id = ? and ? > (
       select count(*) from route.shadow_runs
       where organization_id = run.organization_id and ${LIVE})
     on conflict (run_id, variant_key) do nothing`,
    [
      problem,
      sqlRecords(shadows.map((shadow) => ({ ...shadow, id: newId() }))),
      runId,
      MAX_LIVE_SHADOWS,
    ],
  );
}

export async function cancelShadowsOfExperiment(
  em: EntityManager,
  experimentId: string,
): Promise<void> {
  await em.execute(
    `update route.shadow_runs set status = 'CANCELED', ${ENDED} where experiment_id = ? and ${LIVE}`,
    [experimentId],
  );
}

export type ClaimedShadow = {
  id: string;
  attempt: number;
  runId: string;
  algorithm: string;
  problem: Buffer;
  seed: number;
  timeLimitSeconds: number;
  iterationLimit: number | null;
};

/** Takes the one that has waited longest, or that a process left behind; null when there is none. */
export async function claimShadow(em: EntityManager): Promise<ClaimedShadow | null> {
  const [shadow]: ClaimedShadow[] = await em.execute(
    `update route.shadow_runs shadow
     set status = 'RUNNING', attempt = shadow.attempt + 1,
       leased_until = now() + (run.time_limit_seconds + ${GRACE_SECONDS}) * interval '1 second'
     from route.optimization_runs run
     where run.id = shadow.run_id and shadow.id = (
       select id from route.shadow_runs
       where (status = 'QUEUED' or status = 'RUNNING' and leased_until < now())
         and attempt < ${MAX_SHADOW_ATTEMPTS}
       order by queued_at, id limit 1 for update skip locked)
     returning shadow.id, shadow.attempt, shadow.run_id as "runId", shadow.algorithm, shadow.problem,
       run.seed, run.time_limit_seconds as "timeLimitSeconds",
       run.iteration_limit as "iterationLimit"`,
  );
  return shadow ?? null;
}

/** Gives up what was taken too often, or has waited for a day; gives how many that were. */
export async function giveUpShadows(em: EntityManager): Promise<number> {
  const rows: object[] = await em.execute(
    `update route.shadow_runs
     set status = 'FAILED', failure = 'The plan was never finished', ${ENDED}
     where (status = 'QUEUED' or status = 'RUNNING' and leased_until < now())
       and (attempt >= ${MAX_SHADOW_ATTEMPTS} or queued_at < now() - interval '1 day')
     returning id`,
  );
  return rows.length;
}

type Attempt = { id: string; attempt: number };

/** Puts a shadow back, because there is something more urgent; the attempt does not count. */
export async function releaseShadow(em: EntityManager, { id, attempt }: Attempt): Promise<void> {
  await em.execute(
    `update route.shadow_runs set status = 'QUEUED', leased_until = null, attempt = attempt - 1
     where id = ? and attempt = ? and status = 'RUNNING'`,
    [id, attempt],
  );
}

export async function failShadow(
  em: EntityManager,
  { id, attempt, failure }: Attempt & { failure: string },
): Promise<void> {
  await em.execute(
    `update route.shadow_runs set status = 'FAILED', failure = ?, ${ENDED}
     where id = ? and attempt = ? and status = 'RUNNING'`,
    [failure, id, attempt],
  );
}

/** False when the shadow has been cancelled, or taken over, meanwhile. */
export async function succeedShadow(
  em: EntityManager,
  { id, attempt, figures }: Attempt & { figures: PlanFigures },
): Promise<boolean> {
  const rows: object[] = await em.execute(
    `update route.shadow_runs set status = 'SUCCEEDED', figures = ?::jsonb, ${ENDED}
     where id = ? and attempt = ? and status = 'RUNNING' returning id`,
    [JSON.stringify(figures), id, attempt],
  );
  return rows.length > 0;
}
