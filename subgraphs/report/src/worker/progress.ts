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
  /** Told at once: there are only a handful of phases. */
  enter(phase: ReportPhase): Promise<void>;
  /** Told at most twice a second. `expected` is null when nobody knows how many there will be. */
  rows(rowsRead: number, expected: number | null): Promise<void>;
  rowsRead(): number;
};

/** Keeps the report's progress; `write` stores and publishes it. */
export function createProgress(write: (progress: Progress) => Promise<void>): ProgressTeller {
  let current: Progress = { phase: 'READING', ratio: 0, rowsRead: 0 };
  let toldAt = performance.now();
  const tell = async () => {
    toldAt = performance.now();
    await write(current);
  };
  return {
    enter: async (phase) => {
      current = { ...current, phase, ratio: PHASE_START[phase] };
      await tell();
    },
    rows: async (rowsRead, expected) => {
      const share = expected === null ? guessedShare(rowsRead) : rowsRead / Math.max(expected, 1);
      current = { ...current, rowsRead, ratio: READING_SHARE * Math.min(share, 1) };
      if (performance.now() - toldAt >= MIN_INTERVAL_MS) await tell();
    },
    rowsRead: () => current.rowsRead,
  };
}

/** Grows towards 1 without ever getting there. */
function guessedShare(rowsRead: number): number {
  return rowsRead / (rowsRead + 20_000);
}
