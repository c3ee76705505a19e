/** Where loading stands. */
export type ProgressState = { done: number; of: number; rows: number; what: string };

/** Hears how loading goes on. */
export type Progress = { report(state: ProgressState): void };

const EVERY_MS = 1000;

/** Prints at most a line a second: what takes less says nothing. */
export function printedProgress(print: (line: string) => void): Progress {
  let printedAt = Date.now();
  return {
    report({ done, of, rows, what }) {
      if (Date.now() - printedAt < EVERY_MS) return;
      printedAt = Date.now();
      const percent = String(Math.round((100 * done) / of)).padStart(3);
      print(`  ${percent} %  ${rows.toLocaleString('en')} rows  (${what})`);
    },
  };
}

/** For tests. */
export const silentProgress: Progress = { report: () => undefined };
