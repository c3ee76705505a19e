import { Worker } from 'node:worker_threads';
import type { AlgorithmName, PlanningProblem, PlanningSolution } from '../engine.ts';

export type SearchTask = {
  readonly problem: PlanningProblem;
  readonly algorithm: AlgorithmName;
  readonly seed: number;
  /** CPU seconds of one thread, compiling the problem included. */
  readonly seconds: number;
};

export type SearchRun = {
  readonly solution: PlanningSolution;
  /** What the engine's own `verify` says of it. */
  readonly violations: readonly string[];
  /** Until the search ended. */
  readonly cpuSeconds: number;
  /** CPU seconds and cost of each better plan that serves everybody. */
  readonly improvements: readonly (readonly [number, number])[];
};

/**
 * Runs a search as the service does: in a thread of its own that has not run before, so what
 * warming up takes is part of the budget. Rejects when the thread fails.
 */
export function runSearch(task: SearchTask): Promise<SearchRun> {
  const worker = new Worker(new URL('./search-thread.ts', import.meta.url), { workerData: task });
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`the search's thread ended with code ${code}`)));
  });
}
