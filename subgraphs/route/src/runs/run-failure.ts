import { PlanningError } from '../planning/threads/planning-error.ts';
import type { RunProblem } from './run-problem.ts';

/** A failure that a dispatcher can act on. */
export class RunFailure extends Error {}

/** A lock that has become impossible, in the words of whoever locked; null for everything else. */
export function lockFailure(error: unknown, { problem, shifts }: RunProblem): RunFailure | null {
  const flaws = error instanceof PlanningError ? error.flaws : [];
  const vehicles = flaws.flatMap(({ path: [list, routes, index, ...rest] }) => {
    const isOfRoute = list === 'present' && routes === 'routes' && rest.length === 0;
    const route = isOfRoute ? problem.present?.routes[Number(index)] : undefined;
    return (route && shifts.get(route.vehicleKey)?.vehicleName) ?? [];
  });
  if (vehicles.length === 0 || vehicles.length < flaws.length) return null;
  return new RunFailure(
    `The locked route of ${vehicles.join(', ')} cannot be driven as it is any more: its orders, vehicle or shift have changed; start the run again without this lock`,
  );
}

/** What a dispatcher is told; everything else is in the log. */
export function failureText(error: unknown): string {
  if (error instanceof RunFailure) return error.message;
  if (!(error instanceof PlanningError)) return 'The run failed, start it again';
  return error.code === 'INVALID_PROBLEM'
    ? error.message
    : 'The planner came to no plan; start the run again, with fewer orders if that repeats';
}
