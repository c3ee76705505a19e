import { userError } from '@quantumroute/ops/user-errors';
import { decodeId } from '@quantumroute/schema/ids';
import type { EntityManager } from '@mikro-orm/postgresql';

import type { RouteContext } from '../context.ts';
import { EXPERIMENT_TRANSITIONS } from '../lifecycles/experiment-lifecycle.ts';
import { refusedStep } from '../lifecycles/lifecycle.ts';
import type { Experiment, ExperimentStatus } from '../storage/entities/experiment.ts';
import {
  experimentInTheWay,
  lockExperiment,
  lockExperiments,
  moveExperiment,
} from '../storage/stores/experiment-writes.ts';
import { cancelShadowsOfExperiment } from '../storage/stores/shadow-writes.ts';
import type { TenantScope } from '../storage/tenant-scope.ts';
import { outcomeOf, refuse } from './outcome.ts';
import type { Outcome } from './outcome.ts';

type Step = { id: string; expectedVersion: number; to: Exclude<ExperimentStatus, 'DRAFT'> };

/** Starts, pauses or concludes an experiment, and gives its id. */
export async function stepExperiment(
  { em, scope }: RouteContext,
  step: Step,
): Promise<Outcome<string>> {
  return outcomeOf(() =>
    em.transactional(async (tx) => {
      const experiment = await experimentToStep(tx, scope(), step);
      if (step.to === 'RUNNING') await refuseTwoAtOneDepot(tx, experiment);
      if (step.to === 'CONCLUDED') await cancelShadowsOfExperiment(tx, experiment.id);
      await moveExperiment(tx, { id: experiment.id, status: step.to });
      return experiment.id;
    }),
  );
}

async function experimentToStep(
  tx: EntityManager,
  { organizationId, partnerId }: TenantScope,
  { id, expectedVersion, to }: Step,
): Promise<Experiment> {
  const uuid = partnerId === null ? decodeId('experiment', id) : null;
  await lockExperiments(tx, organizationId);
  const experiment = uuid === null ? null : await lockExperiment(tx, { id: uuid, organizationId });
  if (experiment === null) return refuse(userError.notFound(['id'], 'experiment'));
  if (experiment.version !== expectedVersion) {
    refuse(userError.versionConflict(['expectedVersion'], experiment.version));
  }
  const refused = refusedStep(EXPERIMENT_TRANSITIONS, {
    from: experiment.status,
    to,
    path: ['id'],
  });
  if (refused !== null) refuse(refused);
  return experiment;
}

async function refuseTwoAtOneDepot(tx: EntityManager, experiment: Experiment): Promise<void> {
  const other = await experimentInTheWay(tx, experiment);
  if (other === null) return;
  const message = `A depot takes part in one experiment at a time; pause or conclude ${other} first`;
  refuse(userError.invalid(['id'], message));
}
