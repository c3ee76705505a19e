import { userError } from '@quantumroute/ops/user-errors';
import type { IllegalTransitionError } from '@quantumroute/ops/user-errors';

/** For each status the statuses that may follow it. */
export type Transitions<S extends string> = Readonly<Record<S, readonly S[]>>;

/** The user error of a step that the lifecycle does not have; null when it has it. */
export function refusedStep<S extends string>(
  transitions: Transitions<S>,
  step: { from: S; to: S; path: readonly string[] },
): IllegalTransitionError | null {
  const allowed = transitions[step.from];
  return allowed.includes(step.to)
    ? null
    : userError.illegalTransition(step.path, step.from, allowed);
}
