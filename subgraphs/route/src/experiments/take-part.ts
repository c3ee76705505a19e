import type { Logger } from '@quantumroute/ops/log';
import type { EntityManager } from '@mikro-orm/postgresql';

import { ALGORITHMS } from '../planning/algorithms.ts';
import type { RunProblem } from '../runs/run-problem.ts';
import type { ExperimentVariant } from '../storage/entities/experiment.ts';
import { runningExperiment } from '../storage/stores/experiment-queries.ts';
import type { RunningExperiment } from '../storage/stores/experiment-queries.ts';
import { assignRun } from '../storage/stores/experiment-writes.ts';
import { queueShadows, shadowsToQueue } from '../storage/stores/shadow-writes.ts';
import type { NewShadows } from '../storage/stores/shadow-writes.ts';
import { variantOfDay } from './assignment.ts';
import type { DepotDay } from './assignment.ts';
import { snapshotOf } from './snapshot.ts';

/**
 * A new run that is about a depot-day under an experiment gets its variant, and so its algorithm.
 * One that this version does not have any more must not keep anybody from planning: such a day is
 * outside of the experiment.
 */
export async function takePart(
  em: EntityManager,
  run: { id: string; organizationId: string } & DepotDay,
): Promise<void> {
  const experiment = await runningExperiment(em, run);
  if (experiment === null) return;
  const variant = variantFor(experiment, run);
  if (!ALGORITHMS.some((name) => name === variant.algorithm)) return;
  await assignRun(em, { runId: run.id, experimentId: experiment.id, variant });
}

function variantFor({ key, unit, variants }: RunningExperiment, day: DepotDay): ExperimentVariant {
  if (unit === 'DEPOT_DAY') return variantOfDay(key, day, variants);
  const control = variants.find(({ isControl }) => isControl);
  if (control === undefined) throw new Error(`Experiment ${key} has no control`);
  return control;
}

/**
 * What a run leaves behind for the variants that are to shadow it, should it succeed; null: nothing. It
 * never fails: the run is not to suffer from it.
 */
export async function shadowsFor(
  { em, log }: { em: EntityManager; log: Logger },
  { runId, problem }: { runId: string; problem: RunProblem },
): Promise<NewShadows | null> {
  try {
    const shadows = await shadowsToQueue(em, runId);
    if (shadows.length === 0) return null;
    const snapshot = await snapshotOf(problem);
    if (snapshot !== null) return { runId, shadows, problem: snapshot };
    log.warn({ runId }, 'the problem of a run is too large to be shadowed');
  } catch (error) {
    log.warn({ err: error, runId }, 'a run was not shadowed');
  }
  return null;
}

/**
 * In the transaction of the run's success, so that no process goes away between the two. A failure
 * undoes the shadows and nothing else.
 */
export async function letShadowsFollow(
  { em, log }: { em: EntityManager; log: Logger },
  shadows: NewShadows,
): Promise<void> {
  try {
    await em.transactional((savepoint) => queueShadows(savepoint, shadows));
  } catch (error) {
    log.warn({ err: error, runId: shadows.runId }, 'a run was not shadowed');
  }
}
