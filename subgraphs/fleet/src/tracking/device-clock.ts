const AHEAD_MINUTES = 5;
const BEHIND_DAYS = 31;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** What is wrong with an instant of a device's clock; null when it is plausible. */
export function clockProblem(at: Date, now: Date): string | null {
  if (at.getTime() > now.getTime() + AHEAD_MINUTES * MINUTE_MS) {
    return `Needs an instant at most ${AHEAD_MINUTES} minutes ahead, got ${at.toISOString()}`;
  }
  if (at.getTime() < now.getTime() - BEHIND_DAYS * DAY_MS) {
    return `Needs an instant of the last ${BEHIND_DAYS} days, got ${at.toISOString()}`;
  }
  return null;
}
