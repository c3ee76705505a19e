import type { UserError } from '@quantumroute/ops/user-errors';
import { RefusedError } from '@quantumroute/ops/user-errors';

/** What a mutation did: the object it wrote, or why it did not. */
export type Outcome = { id: string | null; userErrors: UserError[] };

/** Runs a unit of work that gives the id of what it wrote, or throws `RefusedError`. */
export async function orRefused(run: () => Promise<string>): Promise<Outcome> {
  try {
    return { id: await run(), userErrors: [] };
  } catch (error) {
    if (error instanceof RefusedError) return { id: null, userErrors: [...error.userErrors] };
    throw error;
  }
}
