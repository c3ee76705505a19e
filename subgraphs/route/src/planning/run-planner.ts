import { Worker } from 'node:worker_threads';
import { checkProblem, type ProblemFlaw } from './check-problem.ts';
import type { AlgorithmName, PlanningProgress } from './planner.ts';
import type { PlanningProblem } from './problem.ts';
import type { PlanningSolution } from './solution.ts';

export type RunPlannerOptions = {
  readonly algorithm: AlgorithmName;
  readonly seed: number;
  /** From the start of the search. */
  readonly timeLimitMs: number;
  /** Aborting ends the run early: the promise resolves with the best plan so far, `outcome` CANCELED. */
  readonly signal?: AbortSignal;
  /** A few times a second at most. */
  readonly onProgress?: (progress: PlanningProgress) => void;
  /** How long a run that was told to stop may take to do so before its thread is ended. */
  readonly graceMs?: number;
};

/**
 * Plans on a thread of its own, which is gone when the promise settles. The plan has passed `verify`.
 * @throws PlanningError
 */
export async function runPlanner(
  problem: PlanningProblem,
  options: RunPlannerOptions,
): Promise<PlanningSolution> {
  const flaws = checkProblem(problem);
  if (flaws.length > 0) throw new PlanningError('INVALID_PROBLEM', describe(flaws), flaws);
  return await new PlannerThread(problem, options).solution;
}

/**
 * INVALID_PROBLEM: see `flaws`. INVALID_PLAN: the algorithm broke a constraint, which is a defect.
 * UNRESPONSIVE: told to stop, it did not. CRASHED: the thread ended, by an error or for want of memory.
 */
export type PlanningErrorCode = 'INVALID_PROBLEM' | 'INVALID_PLAN' | 'UNRESPONSIVE' | 'CRASHED';

export class PlanningError extends Error {
  override readonly name = 'PlanningError';
  readonly code: PlanningErrorCode;
  readonly flaws: readonly ProblemFlaw[];

  constructor(code: PlanningErrorCode, message: string, flaws: readonly ProblemFlaw[] = []) {
    super(message);
    this.code = code;
    this.flaws = flaws;
  }
}

/** What the thread is started with. */
export type PlannerThreadInput = {
  readonly problem: PlanningProblem;
  readonly algorithm: AlgorithmName;
  readonly seed: number;
  readonly timeLimitMs: number;
  /** One Int32: not 0 once the caller wants it to stop. A message would wait for the search to end. */
  readonly cancelFlag: SharedArrayBuffer;
};

/** What the thread says: progress any number of times, then one of the others. */
export type PlannerThreadMessage =
  | { readonly kind: 'PROGRESS'; readonly progress: PlanningProgress }
  | { readonly kind: 'SOLUTION'; readonly solution: PlanningSolution }
  | { readonly kind: 'INVALID_PLAN'; readonly violations: readonly string[] };

/** On a busy machine, starting the thread and estimating the matrices alone can take seconds. */
const DEFAULT_GRACE_MS = 10_000;

/** Far more than `MAX_ORDERS` need; the matrices lie outside of it. */
const MAX_HEAP_MB = 256;

class PlannerThread {
  readonly solution: Promise<PlanningSolution>;
  readonly #options: RunPlannerOptions;
  readonly #worker: Worker;
  readonly #cancelFlag = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  readonly #outcome = Promise.withResolvers<PlanningSolution>();
  #deadline: NodeJS.Timeout | undefined;

  constructor(problem: PlanningProblem, options: RunPlannerOptions) {
    this.#options = options;
    const { algorithm, seed, timeLimitMs } = options;
    const workerData: PlannerThreadInput = {
      problem,
      algorithm,
      seed,
      timeLimitMs,
      cancelFlag: this.#cancelFlag,
    };
    this.#worker = new Worker(new URL('./planner-thread.ts', import.meta.url), {
      workerData,
      resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
    });
    this.#worker.on('message', (message: PlannerThreadMessage) => this.#hear(message));
    this.#worker.on('error', (error) => this.#fail('CRASHED', `The planner crashed: ${error}`));
    this.#worker.on('exit', () => this.#fail('CRASHED', 'The planner ended without a plan'));
    this.solution = this.#settle();
  }

  async #settle(): Promise<PlanningSolution> {
    const { signal, timeLimitMs } = this.#options;
    const cancel = () => this.#cancel();
    this.#expectWithin(timeLimitMs);
    signal?.addEventListener('abort', cancel, { once: true });
    if (signal?.aborted) cancel();
    try {
      return await this.#outcome.promise;
    } finally {
      clearTimeout(this.#deadline);
      signal?.removeEventListener('abort', cancel);
      await this.#worker.terminate();
    }
  }

  #cancel(): void {
    Atomics.store(new Int32Array(this.#cancelFlag), 0, 1);
    this.#expectWithin(0);
  }

  /** The thread stops by itself in time; this is for the one that does not. */
  #expectWithin(ms: number): void {
    const graceMs = this.#options.graceMs ?? DEFAULT_GRACE_MS;
    clearTimeout(this.#deadline);
    this.#deadline = setTimeout(
      () => this.#fail('UNRESPONSIVE', `The planner did not stop within ${graceMs} ms`),
      ms + graceMs,
    );
  }

  #hear(message: PlannerThreadMessage): void {
    if (message.kind === 'PROGRESS') this.#progress(message.progress);
    else if (message.kind === 'SOLUTION') this.#outcome.resolve(message.solution);
    else this.#fail('INVALID_PLAN', `The plan is not valid: ${message.violations.join('; ')}`);
  }

  /** A listener that throws ends its own run, not the process. */
  #progress(progress: PlanningProgress): void {
    try {
      this.#options.onProgress?.(progress);
    } catch (error) {
      this.#outcome.reject(error);
    }
  }

  #fail(code: PlanningErrorCode, message: string): void {
    this.#outcome.reject(new PlanningError(code, message));
  }
}

function describe(flaws: readonly ProblemFlaw[]): string {
  return `The problem cannot be planned: ${flaws
    .map((flaw) => `${flaw.path.join('.')} ${flaw.message}`)
    .join('; ')}`;
}
