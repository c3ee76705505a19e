import { algorithmOfIsland, type AlgorithmName } from '../algorithms.ts';
import { checkProblem } from '../check-problem.ts';
import { ArchipelagoProgress } from './archipelago-progress.ts';
import { isBetterPlan } from './better-plan.ts';
import { planOnIsland } from './island.ts';
import type { JudgedPlan } from './planner-messages.ts';
import { PlanningError } from './planning-error.ts';
import type { PlanningProblem } from '../problem.ts';
import type { PlanningProgress } from './run-control.ts';
import type { PlanningSolution } from '../solution.ts';

export type RunPlannerOptions = {
  readonly algorithm: AlgorithmName;
  readonly seed: number;
  /** From the start of the thread; the plan is written out and explained after it. */
  readonly timeLimitMs: number;
  /** With it, the same problem and seed give the same plan, when the time suffices. */
  readonly iterationLimit?: number | null;
  /**
   * Threads that plan the same problem, the first as asked for, the others with other seeds and
   * algorithms; the best plan wins.
   */
  readonly islands?: number;
  /** Every island takes `algorithm`, so that the plan tells something of it and of no other. */
  readonly keepsAlgorithm?: boolean;
  /** Aborting drops the run: the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Aborting ends the run early, with the best plan so far. */
  readonly stop?: AbortSignal;
  /** Four times a second at most. */
  readonly onProgress?: (progress: PlanningProgress) => void;
  /** Told of each thread that failed while another one has a plan. */
  readonly onIslandLost?: (error: unknown) => void;
  /** How long a thread whose time is up may take to end before it is ended. */
  readonly graceMs?: number;
};

/**
 * A large plan whose time is up is still to be written out, explained and verified, which takes seconds
 * on a busy machine: a run that comes late is better than none.
 */
const DEFAULT_GRACE_MS = 30_000;

/**
 * Plans on threads of its own, which are gone when the promise settles. The plan has passed `verify`.
 * @throws PlanningError, or the reason of `signal`
 */
export async function runPlanner(
  problem: PlanningProblem,
  options: RunPlannerOptions,
): Promise<PlanningSolution> {
  const flaws = checkProblem(problem);
  if (flaws.length > 0) throw PlanningError.ofFlaws(flaws);
  const { algorithm, seed, timeLimitMs, iterationLimit = null, islands = 1 } = options;
  const { keepsAlgorithm = false } = options;
  const { graceMs = DEFAULT_GRACE_MS, onProgress = () => undefined } = options;
  const progress = new ArchipelagoProgress(islands, onProgress);
  // One thread that cannot go on for a reason of its caller ends all of them.
  const lost = new AbortController();
  const signal = AbortSignal.any([lost.signal, ...(options.signal ? [options.signal] : [])]);
  const plans = Array.from({ length: islands }, (_, island) =>
    planOnIsland({
      problem,
      algorithm: keepsAlgorithm ? algorithm : algorithmOfIsland(algorithm, island),
      seed: seed + island,
      timeLimitMs,
      iterationLimit,
      signal,
      stop: options.stop ?? NEVER,
      onProgress: (news) => progress.hear(island, news),
      graceMs,
    }).catch((error: unknown) => {
      if (!(error instanceof PlanningError)) lost.abort(error);
      throw error;
    }),
  );
  const best = bestOf(await Promise.allSettled(plans), options);
  progress.end(best.island);
  return best.plan.solution;
}

const NEVER = new AbortController().signal;

type IslandPlan = { island: number; plan: JudgedPlan };

/** Of equal plans that of the first island, whichever ended first. */
function bestOf(
  islands: readonly PromiseSettledResult<JudgedPlan>[],
  { signal, onIslandLost = () => undefined }: RunPlannerOptions,
): IslandPlan {
  signal?.throwIfAborted();
  const plans = islands.flatMap((result, island) =>
    result.status === 'fulfilled' ? [{ island, plan: result.value }] : [],
  );
  const errors = islands.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
  const [first, ...others] = plans;
  const strange = errors.find((error) => !(error instanceof PlanningError));
  if (first === undefined || strange !== undefined) throw strange ?? errors[0];
  for (const error of errors) onIslandLost(error);
  return others.reduce(
    (best, other) => (isBetterPlan(other.plan, best.plan) ? other : best),
    first,
  );
}
