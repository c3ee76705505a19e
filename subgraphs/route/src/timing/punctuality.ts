export type Punctuality = 'NOT_DUE' | 'AT_RISK' | 'EARLY' | 'ON_TIME' | 'LATE';

type Visit = {
  windowStartMs: number | null;
  windowEndMs: number | null;
  arrivedAtMs: number | null;
  departedAtMs: number | null;
};

/**
 * Of a stop that the vehicle has reached: its arrival against the promised window, which is
 * half-open. A stop that failed without an arrival counts by the time of the failure. Of any other
 * stop: whether `etaMs` keeps the promise. Nothing promised, nothing broken.
 */
export function punctualityOf(visit: Visit, etaMs: number | null): Punctuality {
  const visitedAtMs = visit.arrivedAtMs ?? visit.departedAtMs;
  if (visitedAtMs === null) {
    const isAtRisk = etaMs !== null && visit.windowEndMs !== null && etaMs >= visit.windowEndMs;
    return isAtRisk ? 'AT_RISK' : 'NOT_DUE';
  }
  if (visit.windowStartMs !== null && visitedAtMs < visit.windowStartMs) return 'EARLY';
  if (visit.windowEndMs !== null && visitedAtMs >= visit.windowEndMs) return 'LATE';
  return 'ON_TIME';
}

/**
 * The figure of reports, null when nothing was promised: the vehicle was there before the window
 * closed and did not leave before it opened. Who comes early and waits is on time.
 */
export function wasOnTime(visit: Visit): boolean | null {
  const { windowStartMs, windowEndMs, arrivedAtMs, departedAtMs } = visit;
  if (windowStartMs === null || windowEndMs === null) return null;
  if (arrivedAtMs === null || departedAtMs === null) return false;
  return arrivedAtMs < windowEndMs && departedAtMs >= windowStartMs;
}
