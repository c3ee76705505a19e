import { RefusedError } from '@quantumroute/ops/user-errors';
import type { UserError } from '@quantumroute/ops/user-errors';

/** What an action that changes something comes to: its result, or why nothing was changed. */
export type Outcome<T> =
  | { kind: 'done'; value: T }
  | { kind: 'refused'; userErrors: readonly UserError[] };

/** Runs a unit of work; a `RefusedError` has rolled it back and becomes its outcome. */
export async function outcomeOf<T>(work: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { kind: 'done', value: await work() };
  } catch (error) {
    if (error instanceof RefusedError) return { kind: 'refused', userErrors: error.userErrors };
    throw error;
  }
}

/** Ends the unit of work without a trace. */
export function refuse(...userErrors: UserError[]): never {
  throw new RefusedError(userErrors);
}
