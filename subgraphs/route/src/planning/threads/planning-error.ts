import type { ProblemFlaw } from '../check-problem.ts';

/**
 * INVALID_PROBLEM: see `flaws`. INVALID_PLAN: the algorithm broke a constraint, which is a defect.
 * UNRESPONSIVE: told to stop, it did not. CRASHED: the thread ended, by an error or for want of memory.
 */
export type PlanningErrorCode = 'INVALID_PROBLEM' | 'INVALID_PLAN' | 'UNRESPONSIVE' | 'CRASHED';

export class PlanningError extends Error {
  override readonly name = 'PlanningError';
  readonly code: PlanningErrorCode;
  readonly flaws: readonly ProblemFlaw[];

  constructor(code: PlanningErrorCode, message: string, flaws: readonly ProblemFlaw[] = []) {
    super(message);
    this.code = code;
    this.flaws = flaws;
  }

  static ofFlaws(flaws: readonly ProblemFlaw[]): PlanningError {
    const text = flaws.map(({ path, message }) => `${path.join('.')} ${message}`).join('; ');
    return new PlanningError('INVALID_PROBLEM', `The problem cannot be planned: ${text}`, flaws);
  }
}
