import type { PlanningObjectives } from '../problem.ts';
import type { PlanningSolution } from '../solution.ts';

/** What a plan costs by the objectives, from the figures in it; for tests only. */
export function judge(objectives: PlanningObjectives, solution: PlanningSolution): number {
  const { routes, metrics } = solution;
  const hours = routes.map((route) => (route.endSeconds - route.startSeconds) / 3_600);
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  return (
    objectives.cost * metrics.cost +
    (objectives.distance * metrics.distanceMeters) / 1_000 +
    objectives.duration * sum(hours) +
    objectives.vehicles * routes.length +
    ((objectives.lateness ?? 0) * metrics.latenessSeconds) / 3_600 +
    (objectives.co2e * metrics.co2eGrams) / 1_000 +
    objectives.workloadBalance * sum(hours.map((hour) => hour ** 2))
  );
}

/** Vehicles that cost nothing get a trifle in the search, so that their routes are short nevertheless. */
export const TRIFLE = 0.5;
