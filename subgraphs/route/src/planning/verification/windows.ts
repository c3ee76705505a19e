import type { PlanningVisit } from '../problem.ts';
import type { SolutionStop } from '../solution.ts';
import type { ProblemFacts } from './problem-facts.ts';

export type TimedVisit = {
  readonly orderKey: string;
  readonly visit: PlanningVisit;
  readonly startSeconds: number;
};

/** The visits of a stop, one after the other from the start of its service. */
export function timedVisits(facts: ProblemFacts, stop: SolutionStop): TimedVisit[] {
  let now = stop.serviceStartSeconds;
  return stop.orderKeys.flatMap((orderKey) => {
    const visit = facts.visit(stop.kind, orderKey);
    if (visit === undefined) return [];
    const startSeconds = now;
    now += visit.serviceSeconds;
    return [{ orderKey, visit, startSeconds }];
  });
}

/**
 * By how much the window that is missed least is missed, in seconds after the last one inside it.
 * 0 inside of any; Infinity when all of them are still to come.
 */
export function missedBy({ visit, startSeconds }: TimedVisit): number {
  if (visit.windows.length === 0) return 0;
  return Math.min(
    ...visit.windows.map((window) => {
      if (startSeconds < window.startSeconds) return Infinity;
      return Math.max(0, startSeconds - (window.endSeconds - 1));
    }),
  );
}
