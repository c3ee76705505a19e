import { spanPhases } from '@quantumroute/ops/work-spans';

import type { Progress } from '../storage/lease-store.ts';
import type { ReportPhase } from '../storage/report-entity.ts';

/** Ratio at which each phase starts: rough shares of the time that reports take. */
const PHASE_START: Readonly<Record<ReportPhase, number>> = {
  WAITING: 0,
  READING: 0,
  AGGREGATING: 0.6,
  RENDERING: 0.7,
  STORING: 0.95,
  DONE: 1,
};
const READING_SHARE = PHASE_START.AGGREGATING;
const MIN_INTERVAL_MS = 500;

export type ProgressTeller = {
  enter(phase: ReportPhase): Promise<void>;
  /** `expected` is null when nobody knows how many there will be. */
  rows(rowsRead: number, expected: number | null): Promise<void>;
  rowsRead(): number;
  /** Nothing is told any more. */
  stop(): void;
};

/**
 * Keeps the report's progress; `write` stores and publishes it, at most twice a second: what comes
 * sooner waits for its time, and of several states the latest is told. When a write fails, so does
 * what is told next.
 */
export function createProgress(write: (progress: Progress) => Promise<void>): ProgressTeller {
  let current: Progress = { phase: 'READING', ratio: 0, rowsRead: 0 };
  let toldAt = performance.now();
  let timer: NodeJS.Timeout | undefined;
  let written: Promise<void> = Promise.resolve();
  const phases = spanPhases();
  phases.enter(current.phase.toLowerCase());
  const tell = () => {
    clearTimeout(timer);
    timer = undefined;
    toldAt = performance.now();
    written = written.then(() => write(current));
    written.catch(() => undefined);
  };
  const tellInTime = async () => {
    const waitMs = toldAt + MIN_INTERVAL_MS - performance.now();
    if (waitMs > 0) timer ??= setTimeout(tell, waitMs);
    else tell();
    await written;
  };
  return {
    enter: async (phase) => {
      phases.enter(phase.toLowerCase());
      current = { ...current, phase, ratio: PHASE_START[phase] };
      await tellInTime();
    },
    rows: async (rowsRead, expected) => {
      const share = expected === null ? guessedShare(rowsRead) : rowsRead / Math.max(expected, 1);
      current = { ...current, rowsRead, ratio: READING_SHARE * Math.min(share, 1) };
      await tellInTime();
    },
    rowsRead: () => current.rowsRead,
    stop: () => {
      phases.end();
      clearTimeout(timer);
    },
  };
}

/** Grows towards 1 without ever getting there. */
function guessedShare(rowsRead: number): number {
  return rowsRead / (rowsRead + 20_000);
}
