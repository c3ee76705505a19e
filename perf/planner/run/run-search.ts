import { Worker } from 'node:worker_threads';
import type { SearchRun, SearchTask } from './search-once.ts';

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
