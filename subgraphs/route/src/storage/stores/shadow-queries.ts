import type { RunStatus } from '@quantumroute/schema/events';
import type { EntityManager } from '@mikro-orm/postgresql';

import type { PlanFigures } from '../../experiments/figures.ts';
import type { ExperimentVariant } from '../entities/experiment.ts';
import { groupRows, sqlArray } from '../sql.ts';
import type { TenantScope } from '../tenant-scope.ts';

export type ShadowRun = {
  runId: string;
  status: RunStatus;
  figures: PlanFigures | null;
  failure: string | null;
  variant: ExperimentVariant;
};

/** The shadows of each run, in the order of the experiment's variants. */
export async function shadowsOfRuns(
  em: EntityManager,
  { organizationId, partnerId }: TenantScope,
  runIds: readonly string[],
): Promise<ShadowRun[][]> {
  if (partnerId !== null) return runIds.map(() => []);
  const rows: ShadowRun[] = await em.execute(
    `select shadow.run_id as "runId", shadow.status, figures, failure, variant
     from route.shadow_runs shadow
     join route.experiments experiment on experiment.id = shadow.experiment_id
     cross join lateral jsonb_array_elements(experiment.variants)
       with ordinality as of_experiment (variant, place)
     where shadow.run_id = any (?::uuid[]) and shadow.organization_id = ?
       and variant ->> 'key' = shadow.variant_key
     order by shadow.run_id, place`,
    [sqlArray(runIds), organizationId],
  );
  return groupRows(runIds, rows, ({ runId }) => runId);
}
