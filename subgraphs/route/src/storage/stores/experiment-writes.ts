import type { EntityManager } from '@mikro-orm/postgresql';

import { ExperimentEntity } from '../entities/experiment.ts';
import type {
  Experiment,
  ExperimentStatus,
  ExperimentUnit,
  ExperimentVariant,
} from '../entities/experiment.ts';
import { mapRows, sqlArray } from '../sql.ts';

/**
 * Whoever asks waits until every other asker of the organization has finished its transaction, so
 * that no rule about several experiments can be passed by two at once.
 */
export async function lockExperiments(em: EntityManager, organizationId: string): Promise<void> {
  await em.execute(
    `select pg_advisory_xact_lock(hashtextextended('route experiments ' || ?::text, 0))`,
    [organizationId],
  );
}

export async function lockExperiment(
  em: EntityManager,
  { id, organizationId }: { id: string; organizationId: string },
): Promise<Experiment | null> {
  const rows: object[] = await em.execute(
    'select * from route.experiments where id = ? and organization_id = ? for update',
    [id, organizationId],
  );
  return mapRows(em, ExperimentEntity, rows)[0] ?? null;
}

export async function countOpenExperiments(
  em: EntityManager,
  organizationId: string,
): Promise<number> {
  const [row]: { rows: number }[] = await em.execute(
    `select count(*)::int as rows from route.experiments
     where organization_id = ? and status <> 'CONCLUDED'`,
    [organizationId],
  );
  return row?.rows ?? 0;
}

/** The key of another RUNNING experiment that has a depot in common with this one. */
export async function experimentInTheWay(
  em: EntityManager,
  { id, organizationId, depotIds }: Experiment,
): Promise<string | null> {
  const [other]: { key: string }[] = await em.execute(
    `select key from route.experiments
     where organization_id = ? and status = 'RUNNING' and id <> ?
       and (depot_ids = '{}' or ?::uuid[] = '{}' or depot_ids && ?::uuid[])
     limit 1`,
    [organizationId, id, sqlArray(depotIds), sqlArray(depotIds)],
  );
  return other?.key ?? null;
}

export type NewExperiment = {
  id: string;
  organizationId: string;
  key: string;
  hypothesis: string;
  unit: ExperimentUnit;
  variants: readonly ExperimentVariant[];
  depotIds: readonly string[];
};

/** False when the organization has another experiment with this key. */
export async function insertExperiment(
  em: EntityManager,
  experiment: NewExperiment,
): Promise<boolean> {
  const { id, organizationId, key, hypothesis, unit, variants, depotIds } = experiment;
  const rows: object[] = await em.execute(
    `insert into route.experiments (id, organization_id, key, hypothesis, unit, variants, depot_ids)
     values (?, ?, ?, ?, ?, ?::jsonb, ?::uuid[])
     on conflict (organization_id, key) do nothing
     returning id`,
    [id, organizationId, key, hypothesis, unit, JSON.stringify(variants), sqlArray(depotIds)],
  );
  return rows.length > 0;
}

export async function moveExperiment(
  em: EntityManager,
  { id, status }: { id: string; status: ExperimentStatus },
): Promise<void> {
  await em.execute(
    `update route.experiments set status = ?, version = version + 1,
       started_at = coalesce(started_at, case when ?::text = 'RUNNING' then now() end),
       ended_at = case when ?::text = 'CONCLUDED' then now() end
     where id = ?`,
    [status, status, status, id],
  );
}

/** Gives a run to a variant, whose algorithm it takes. */
export async function assignRun(
  em: EntityManager,
  {
    runId,
    experimentId,
    variant,
  }: { runId: string; experimentId: string; variant: ExperimentVariant },
): Promise<void> {
  await em.execute(
    `update route.optimization_runs set experiment_id = ?, variant_key = ?, algorithm = ?
     where id = ?`,
    [experimentId, variant.key, variant.algorithm, runId],
  );
}
