import { parentPort, workerData } from 'node:worker_threads';
import { searchOnce, type SearchTask } from './search-once.ts';

/** Where a run's thread starts; `run-search.ts` is the other end. */
parentPort?.postMessage(searchOnce(workerData as SearchTask));
