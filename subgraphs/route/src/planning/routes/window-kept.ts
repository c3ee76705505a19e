import type { ServiceWindow } from '../problem.ts';

/**
 * The window in which service starts: of several that overlap, the one that stays open longest.
 * Outside of all of them, the one that ended last before; null when none was requested.
 */
export function windowKept(
  windows: readonly ServiceWindow[],
  startSeconds: number,
): ServiceWindow | null {
  const begun = windows
    .filter((window) => window.startSeconds <= startSeconds)
    .toSorted((a, b) => b.endSeconds - a.endSeconds)[0];
  return begun ? { startSeconds: begun.startSeconds, endSeconds: begun.endSeconds } : null;
}
