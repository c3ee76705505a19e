import { Worker } from 'node:worker_threads';
import type { JudgedPlan, PlannerThreadInput, PlannerThreadMessage } from './planner-messages.ts';
import { PlanningError, type PlanningErrorCode } from './planning-error.ts';
import type { PlanningProgress } from './run-control.ts';

export type IslandOptions = Omit<PlannerThreadInput, 'stopFlag'> & {
  /** Aborting ends the thread at once, and the promise rejects with the signal's reason. */
  readonly signal: AbortSignal;
  /** Aborting ends the search with the best plan so far. */
  readonly stop: AbortSignal;
  readonly onProgress: (progress: PlanningProgress) => void;
  readonly graceMs: number;
};

/**
 * One search on a thread of its own, which is gone when the promise settles.
 * @throws PlanningError, the reason of `signal`, or what `onProgress` throws
 */
export function planOnIsland(options: IslandOptions): Promise<JudgedPlan> {
  return new Island(options).plan;
}

/** Far more than `MAX_ORDERS` need; the matrices lie outside of it. */
const MAX_HEAP_MB = 256;

class Island {
  readonly plan: Promise<JudgedPlan>;
  readonly #options: IslandOptions;
  readonly #worker: Worker;
  readonly #stopFlag = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  readonly #outcome = Promise.withResolvers<JudgedPlan>();
  #deadline: NodeJS.Timeout | undefined;

  constructor(options: IslandOptions) {
    this.#options = options;
    const { problem, algorithm, seed, timeLimitMs, iterationLimit } = options;
    const stopFlag = this.#stopFlag;
    const input = { problem, algorithm, seed, timeLimitMs, iterationLimit, stopFlag };
    this.#worker = new Worker(new URL('./planner-thread.ts', import.meta.url), {
      workerData: input satisfies PlannerThreadInput,
      resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
    });
    this.#worker.on('message', (message: PlannerThreadMessage) => this.#hear(message));
    this.#worker.on('error', (error) => this.#fail('CRASHED', `The planner crashed: ${error}`));
    this.#worker.on('exit', () => this.#fail('CRASHED', 'The planner ended without a plan'));
    this.plan = this.#settle();
  }

  async #settle(): Promise<JudgedPlan> {
    const { signal, stop, timeLimitMs } = this.#options;
    const abort = () => this.#outcome.reject(signal.reason);
    const finish = () => this.#finish();
    this.#expectWithin(timeLimitMs);
    signal.addEventListener('abort', abort, { once: true });
    stop.addEventListener('abort', finish, { once: true });
    if (signal.aborted) abort();
    if (stop.aborted) finish();
    try {
      return await this.#outcome.promise;
    } finally {
      clearTimeout(this.#deadline);
      signal.removeEventListener('abort', abort);
      stop.removeEventListener('abort', finish);
      await this.#worker.terminate();
    }
  }

  #finish(): void {
    Atomics.store(new Int32Array(this.#stopFlag), 0, 1);
    this.#expectWithin(0);
  }

  /** The thread ends by itself in time; this is for the one that does not. */
  #expectWithin(ms: number): void {
    const { graceMs } = this.#options;
    clearTimeout(this.#deadline);
    this.#deadline = setTimeout(
      () => this.#fail('UNRESPONSIVE', `The planner did not stop within ${graceMs} ms`),
      ms + graceMs,
    );
  }

  #hear(message: PlannerThreadMessage): void {
    if (message.kind === 'PROGRESS') this.#progress(message.progress);
    else if (message.kind === 'PLAN') this.#outcome.resolve(message.plan);
    else this.#fail('INVALID_PLAN', `The plan is not valid: ${message.violations.join('; ')}`);
  }

  /** A listener that throws ends its own run, not the process. */
  #progress(progress: PlanningProgress): void {
    try {
      this.#options.onProgress(progress);
    } catch (error) {
      this.#outcome.reject(error);
    }
  }

  #fail(code: PlanningErrorCode, message: string): void {
    this.#outcome.reject(new PlanningError(code, message));
  }
}
