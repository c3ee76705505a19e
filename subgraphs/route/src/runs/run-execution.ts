import { databaseFailure } from '@quantumroute/ops/database-failure';
import type { Logger } from '@quantumroute/ops/log';
import type { Postgres } from '@quantumroute/ops/postgres';
import type { EntityManager } from '@mikro-orm/postgresql';

import { letShadowsFollow, shadowsFor } from '../experiments/take-part.ts';
import type { PublishRun } from '../live/run-events.ts';
import { ALGORITHMS } from '../planning/algorithms.ts';
import type { AlgorithmName } from '../planning/algorithms.ts';
import { runPlanner } from '../planning/threads/run-planner.ts';
import type { PlanningSolution } from '../planning/solution.ts';
import type { RoadData } from '../road-data/road-data.ts';
import { failRun, succeedRun } from '../storage/stores/run-leases.ts';
import type { ClaimedRun } from '../storage/stores/run-leases.ts';
import { planDiff } from './plan-diff.ts';
import { createProgressWriter } from './progress-writer.ts';
import { proposalOf } from './proposal-of.ts';
import { failureText, lockFailure, RunFailure } from './run-failure.ts';
import { loadRunProblem } from './run-problem.ts';
import { byRoad } from './run-travel.ts';
import { waitingPromises } from './waiting-promises.ts';

export type ExecutionParts = {
  postgres: Postgres;
  roadData: RoadData;
  log: Logger;
  publish: PublishRun;
  /** Threads that the run takes. */
  islands: number;
};

/** `signal`: the run is nobody's any more, or another's. `stop`: the best plan so far is wanted now. */
export type RunSignals = { signal: AbortSignal; stop: AbortSignal };

/**
 * Computes a run that this process holds, to its end. One that `signal` aborts was cancelled, given
 * back or taken over, and whoever did that has written it down: what was computed is dropped.
 */
export async function executeRun(
  parts: ExecutionParts,
  run: ClaimedRun,
  signals: RunSignals,
): Promise<void> {
  const em = parts.postgres.fork();
  try {
    await plan(em, { ...parts, run, ...signals });
  } catch (error) {
    if (signals.signal.aborted) return;
    // The run is not to blame: without its lease it is somebody's next attempt.
    if (databaseFailure(error) !== null) throw error;
    parts.log.error({ err: error, runId: run.id }, 'an optimization run failed');
    await tell(parts, await failRun(em, run, failureText(error)));
  }
}

/** So many processes, or databases, may go away under a run; the next one would be the next victim. */
const MAX_ATTEMPTS = 3;
const LOST_TOO_OFTEN = `The run was cut off ${MAX_ATTEMPTS} times in a row; start it again with fewer orders`;

type Execution = ExecutionParts & RunSignals & { run: ClaimedRun };

async function plan(em: EntityManager, execution: Execution): Promise<void> {
  const { run, signal, stop, log, publish, roadData } = execution;
  if (run.attempt > MAX_ATTEMPTS) throw new RunFailure(LOST_TOO_OFTEN);
  const algorithm = algorithmOf(run);
  const found = await loadRunProblem(em, run);
  if (found === null) throw new RunFailure('The depot of the plan exists no more');
  if (found.locked.size < run.lockedRouteIds.length) {
    throw new RunFailure('A locked route cannot stay as it is: it, or its shift, has changed');
  }
  const problem = await byRoad(found, { roadData, signal, stop });
  const progress = createProgressWriter({ em, run, log, publish });
  const solution = await runPlanner(problem.problem, {
    algorithm,
    seed: run.seed,
    timeLimitMs: run.timeLimitSeconds * 1000,
    iterationLimit: run.iterationLimit,
    islands: execution.islands,
    keepsAlgorithm: run.isOfExperiment,
    signal,
    stop,
    onProgress: progress.report,
    onIslandLost: (error) =>
      log.warn({ err: error, runId: run.id }, 'one of several searches failed'),
  })
    .catch((error: unknown) => {
      throw lockFailure(error, problem) ?? error;
    })
    // Whoever gets an aborted run next must be the only one who writes.
    .finally(() => progress.settled());
  const figures = { ...(await progress.settled()), ...countsOf(solution) };
  if (signal.aborted) return;
  const proposal = proposalOf(solution, problem);
  const diff = planDiff(problem.present, proposal, { waiting: waitingPromises(problem) });
  const shadows = await shadowsFor({ em, log }, { runId: run.id, problem });
  const event = await em.transactional(async (tx) => {
    const succeeded = await succeedRun(tx, run, { proposal, diff, figures });
    if (succeeded !== null && shadows !== null) await letShadowsFollow({ em: tx, log }, shadows);
    return succeeded;
  });
  await tell(execution, event);
}

/** A run may have waited while the service was updated. */
function algorithmOf(run: ClaimedRun): AlgorithmName {
  const algorithm = ALGORITHMS.find((name) => name === run.algorithm);
  if (algorithm !== undefined) return algorithm;
  throw new RunFailure(`There is no algorithm ${run.algorithm} any more; start the run again`);
}

async function tell(
  { publish }: ExecutionParts,
  event: Parameters<PublishRun>[0] | null,
): Promise<void> {
  if (event !== null) await publish(event);
}

function countsOf({ routes, unassigned }: PlanningSolution) {
  const stops = routes.flatMap((route) => route.stops);
  return {
    assigned: stops.reduce((total, { orderKeys }) => total + orderKeys.length, 0),
    unassigned: unassigned.length,
  };
}
