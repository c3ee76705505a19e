import type { Logger } from '@quantumroute/ops/log';
import type { Postgres } from '@quantumroute/ops/postgres';
import type { EntityManager } from '@mikro-orm/postgresql';

import type { AlgorithmName, PlanningProgress } from '../planning/planner.ts';
import { PlanningError, runPlanner } from '../planning/run-planner.ts';
import type { PlanningSolution } from '../planning/solution.ts';
import { failRun, startRun, succeedRun, writeProgress } from '../storage/stores/run-writes.ts';
import type { RunCounts, StartedRun } from '../storage/stores/run-writes.ts';
import { proposalOf } from './proposal-of.ts';
import { loadRunProblem } from './run-problem.ts';

const PROGRESS_EVERY_MS = 500;

/**
 * Computes one run from QUEUED to its end. A run that `signal` aborts was cancelled or given up by
 * whoever aborted it, who has written that down: what was computed is dropped.
 */
export async function executeRun(
  { postgres, log }: { postgres: Postgres; log: Logger },
  { id, signal }: { id: string; signal: AbortSignal },
): Promise<void> {
  const em = postgres.fork();
  try {
    const run = await startRun(em, id);
    if (run !== null) await plan(em, { id, run, signal, log });
  } catch (error) {
    if (signal.aborted) return;
    log.error({ err: error, runId: id }, 'an optimization run failed');
    await failRun(em, id, failureText(error));
  }
}

type Running = { id: string; run: StartedRun; signal: AbortSignal; log: Logger };

async function plan(em: EntityManager, { id, run, signal, log }: Running): Promise<void> {
  const startedAt = performance.now();
  const problem = await loadRunProblem(em, run.planId);
  if (problem === null) return failRun(em, id, 'The depot of the plan exists no more');
  const progress = progressWriter(em, id, log);
  const solution = await runPlanner(problem.problem, {
    algorithm: run.algorithm as AlgorithmName,
    seed: run.seed,
    timeLimitMs: run.timeLimitSeconds * 1000,
    signal,
    onProgress: progress.report,
  });
  await progress.settled();
  if (signal.aborted) return;
  const counts = countsOf(solution, performance.now() - startedAt);
  await succeedRun(em, id, { proposal: proposalOf(solution, problem), counts });
}

/** One write at a time, at most twice a second; what comes in between is overtaken by the next. */
function progressWriter(em: EntityManager, id: string, log: Logger) {
  let writing: Promise<void> | null = null;
  let writtenAt = -Infinity;
  return {
    report({ elapsedMs, assigned, unassigned }: PlanningProgress): void {
      if (writing !== null || performance.now() - writtenAt < PROGRESS_EVERY_MS) return;
      writtenAt = performance.now();
      writing = writeProgress(em, id, { elapsedSeconds: elapsedMs / 1000, assigned, unassigned })
        .catch((error: unknown) => log.warn({ err: error, runId: id }, 'progress was not written'))
        .finally(() => {
          writing = null;
        });
    },
    settled: async () => writing ?? undefined,
  };
}

function countsOf({ routes, unassigned }: PlanningSolution, elapsedMs: number): RunCounts {
  const stops = routes.flatMap((route) => route.stops);
  return {
    elapsedSeconds: elapsedMs / 1000,
    assigned: stops.reduce((total, { orderKeys }) => total + orderKeys.length, 0),
    unassigned: unassigned.length,
  };
}

/** What a dispatcher can act on; everything else is in the log. */
function failureText(error: unknown): string {
  return error instanceof PlanningError ? error.message : 'The run failed, start it again';
}
