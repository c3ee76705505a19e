import type { EntityManager } from '@mikro-orm/postgresql';

import { ExperimentEntity } from '../entities/experiment.ts';
import type { Experiment, ExperimentStatus, ExperimentVariant } from '../entities/experiment.ts';
import { sqlArray } from '../sql.ts';
import type { TenantScope } from '../tenant-scope.ts';

/** Experiments are the organization's own business: a partner sees none. */
export async function findExperiments(
  em: EntityManager,
  { organizationId, partnerId }: TenantScope,
  ids: readonly string[],
): Promise<Experiment[]> {
  if (partnerId !== null) return [];
  return em.find(ExperimentEntity, { id: [...ids], organizationId }, { disableIdentityMap: true });
}

/** Newest first; null: of any status. */
export async function listExperiments(
  em: EntityManager,
  { organizationId, partnerId }: TenantScope,
  { limit, statuses }: { limit: number; statuses: readonly ExperimentStatus[] | null },
): Promise<Experiment[]> {
  if (partnerId !== null) return [];
  return em.find(
    ExperimentEntity,
    { organizationId, ...(statuses === null ? {} : { status: [...statuses] }) },
    { disableIdentityMap: true, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }], limit },
  );
}

/** The variant of each run that belongs to one, by the run's id. */
export async function variantsOfRuns(
  em: EntityManager,
  { organizationId, partnerId }: TenantScope,
  runIds: readonly string[],
): Promise<Map<string, ExperimentVariant>> {
  if (partnerId !== null) return new Map();
  const rows: { runId: string; variant: ExperimentVariant }[] = await em.execute(
    `select run.id as "runId", variant
     from route.optimization_runs run
     join route.experiments experiment on experiment.id = run.experiment_id
     cross join lateral jsonb_array_elements(experiment.variants) variant
     where run.id = any (?::uuid[]) and run.organization_id = ?
       and variant ->> 'key' = run.variant_key`,
    [sqlArray(runIds), organizationId],
  );
  return new Map(rows.map(({ runId, variant }) => [runId, variant]));
}

export type RunningExperiment = Pick<Experiment, 'id' | 'key' | 'unit' | 'variants'>;

/** The experiment that the depot takes part in now; null when there is none. */
export async function runningExperiment(
  em: EntityManager,
  { organizationId, depotId }: { organizationId: string; depotId: string },
): Promise<RunningExperiment | null> {
  const [experiment]: RunningExperiment[] = await em.execute(
    `select id, key, unit, variants from route.experiments
     where organization_id = ? and status = 'RUNNING'
       and (depot_ids = '{}' or ?::uuid = any (depot_ids))`,
    [organizationId, depotId],
  );
  return experiment ?? null;
}
