import { LEASE_MS } from '../../src/worker/heartbeat.ts';
import type { Step } from './history.ts';

/** A worker that was killed, and when. */
export type Kill = { pid: number; atMs: number };

/** While the database was away nobody could take anything over. */
export type Outage = { fromMs: number; toMs: number };

/** A report that a killed worker had in hand, from the kill to its next attempt. */
export type TakeOver = {
  /** Without the time that the database was away. */
  readonly tookMs: number;
  /** How many places of living workers ran something when its time was over. */
  readonly busyPlaces: number;
  /** New reports that were begun although this one waited. */
  readonly overtakenBy: number;
};

/** A report that lost its worker is taken over in this time, where a place is free. */
export const TAKE_OVER_MS = 7_000;
/** Who asked just before a lease ended may get something else just after. */
const IN_FLIGHT_MS = 1_000;

/** How each report fared that one of the killed workers had in hand. */
export function takeOversAfter(
  history: ReadonlyMap<string, readonly Step[]>,
  { kills, outages }: { kills: readonly Kill[]; outages: readonly Outage[] },
): TakeOver[] {
  const runs = [...history.values()].flatMap((steps) => runsOf(steps, kills));
  return kills.flatMap((kill) =>
    [...history.values()].flatMap((steps) => {
      const next = nextAfter(steps, kill);
      if (next === undefined) return [];
      const away = (untilMs: number) => awayMs(outages, { fromMs: kill.atMs, toMs: untilMs });
      const dueMs = kill.atMs + TAKE_OVER_MS + away(next.atMs);
      const waitsFromMs = kill.atMs + LEASE_MS + IN_FLIGHT_MS;
      return {
        tookMs: next.atMs - kill.atMs - away(next.atMs),
        busyPlaces: runs.filter((run) => isWithin(run, dueMs)).length,
        overtakenBy: runs.filter(
          ({ attempt, fromMs }) => attempt === 1 && fromMs > waitsFromMs && fromMs < next.atMs,
        ).length,
      };
    }),
  );
}

type Run = { attempt: number; fromMs: number; toMs: number };

/** The attempts at a report, each from its claim until it ended or its worker was killed. */
function runsOf(steps: readonly Step[], kills: readonly Kill[]): Run[] {
  return steps.flatMap((step, index) => {
    const { attempt, status, workerPid, atMs: fromMs } = step;
    if (status !== 'RUNNING' || steps[index - 1]?.attempt === attempt) return [];
    const end = steps
      .slice(index)
      .find((later) => later.status !== status || later.attempt !== attempt || !later.workerPid);
    const kill = kills.find(({ pid }) => pid === workerPid);
    return [{ attempt, fromMs, toMs: Math.min(end?.atMs ?? Infinity, kill?.atMs ?? Infinity) }];
  });
}

/** Between two reports a place is free for a moment: that is not what is asked here. */
function isWithin({ fromMs, toMs }: Run, atMs: number): boolean {
  return fromMs < atMs + IN_FLIGHT_MS && toMs > atMs - IN_FLIGHT_MS;
}

/** The next attempt at the report, if the killed worker had it in hand. */
function nextAfter(steps: readonly Step[], { pid, atMs }: Kill): Step | undefined {
  const lost = steps.findLastIndex((step) => step.atMs <= atMs);
  const [held, next] = [steps[lost], steps[lost + 1]];
  if (held?.status !== 'RUNNING' || held.workerPid !== pid) return undefined;
  return next?.attempt === held.attempt ? undefined : next;
}

function awayMs(outages: readonly Outage[], { fromMs, toMs }: Outage): number {
  return outages.reduce(
    (sum, away) => sum + Math.max(0, Math.min(away.toMs, toMs) - Math.max(away.fromMs, fromMs)),
    0,
  );
}
