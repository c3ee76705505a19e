import type { StepResult } from '../measure/run-step.ts';

/** How many times faster than the first step that answers the same question; null for itself and others. */
export function ratioOf(result: StepResult, all: readonly StepResult[]): number | null {
  const [first] = all.filter(({ step }) => step.question === result.step.question);
  if (first === undefined || first === result) return null;
  return first.medianMs / result.medianMs;
}

/** True where there is no target. */
export function isReached(result: StepResult, all: readonly StepResult[]): boolean {
  const { targetMs = Infinity, targetRatio = 0 } = result.step;
  return result.medianMs <= targetMs && (ratioOf(result, all) ?? Infinity) >= targetRatio;
}
