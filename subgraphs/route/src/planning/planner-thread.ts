import { parentPort, workerData } from 'node:worker_threads';
import { PLANNERS, type PlannerControl, type StopReason } from './planner.ts';
import type { PlannerThreadInput, PlannerThreadMessage } from './run-planner.ts';
import { verify } from './verify.ts';

/** Where a planner's thread starts; `run-planner.ts` is the other end. */
const { problem, algorithm, seed, timeLimitMs, cancelFlag } = workerData as PlannerThreadInput;
const REPORT_EVERY_MS = 250;

const startedAt = performance.now();
const isCanceled = new Int32Array(cancelFlag);
let reportedAt = -Infinity;

const control: PlannerControl = {
  shouldStop(): StopReason | null {
    if (Atomics.load(isCanceled, 0) !== 0) return 'CANCELED';
    return performance.now() - startedAt >= timeLimitMs ? 'TIME_LIMIT' : null;
  },
  report(counts) {
    const now = performance.now();
    if (now - reportedAt < REPORT_EVERY_MS) return;
    reportedAt = now;
    say({ kind: 'PROGRESS', progress: { ...counts(), elapsedMs: Math.round(now - startedAt) } });
  },
};

const solution = PLANNERS[algorithm](problem, seed, control);
const violations = verify(problem, solution);
say(violations.length > 0 ? { kind: 'INVALID_PLAN', violations } : { kind: 'SOLUTION', solution });

function say(message: PlannerThreadMessage): void {
  parentPort?.postMessage(message);
}
