import type { Logger } from '@quantumroute/ops/log';
import type { EntityManager } from '@mikro-orm/postgresql';

import type { AlgorithmName } from '../planning/algorithms.ts';
import { runPlanner } from '../planning/threads/run-planner.ts';
import { proposalOf } from '../runs/proposal-of.ts';
import { recordShadowPair, shadowedRun } from '../storage/stores/outcome-writes.ts';
import { failShadow, releaseShadow, succeedShadow } from '../storage/stores/shadow-writes.ts';
import type { ClaimedShadow } from '../storage/stores/shadow-writes.ts';
import { figuresOf } from './figures.ts';
import type { PlanFigures } from './figures.ts';
import { problemIn } from './snapshot.ts';

/** `islands`: threads that it takes, as many as a run. */
type Surroundings = { em: EntityManager; log: Logger; signal: AbortSignal; islands: number };

/**
 * Plans what the run planned, with the variant's algorithm and the run's seed and limits, and
 * writes the pair down. A shadow that `signal` aborts goes back into the queue; one that fails is
 * FAILED, and that is all: the run and its plan stand.
 */
export async function computeShadow(
  { em, log, signal, islands }: Surroundings,
  shadow: ClaimedShadow,
): Promise<void> {
  try {
    const figures = await plannedFigures(shadow, { signal, islands });
    if (signal.aborted) await releaseShadow(em, shadow);
    else await recordShadow(em, shadow, figures);
  } catch (error) {
    if (signal.aborted) return releaseShadow(em, shadow);
    log.warn({ err: error, shadowId: shadow.id, runId: shadow.runId }, 'a shadow failed');
    await failShadow(em, { ...shadow, failure: 'The variant made no plan; see the log' });
  }
}

async function plannedFigures(
  { algorithm, problem, seed, timeLimitSeconds, iterationLimit }: ClaimedShadow,
  { signal, islands }: Pick<Surroundings, 'signal' | 'islands'>,
): Promise<PlanFigures> {
  const run = await problemIn(problem);
  const startedAt = performance.now();
  const solution = await runPlanner(run.problem, {
    algorithm: algorithm as AlgorithmName,
    seed,
    timeLimitMs: timeLimitSeconds * 1000,
    iterationLimit,
    islands,
    keepsAlgorithm: true,
    signal,
  });
  return figuresOf(proposalOf(solution, run), (performance.now() - startedAt) / 1000);
}

async function recordShadow(
  em: EntityManager,
  { id, attempt, runId }: ClaimedShadow,
  figures: PlanFigures,
): Promise<void> {
  await em.transactional(async (tx) => {
    const isOurs = await succeedShadow(tx, { id, attempt, figures });
    const run = isOurs ? await shadowedRun(tx, runId) : null;
    if (run === null) return;
    const control = figuresOf(run.proposal, run.computeSeconds);
    await recordShadowPair(tx, { shadowId: id, control, shadow: figures });
  });
}
