import type { FormattedExecutionResult } from 'graphql';
import type { Framing } from './framing.ts';

/** An answer as it is written to a client, with the cursor to come back with. */
export function frameOf(result: FormattedExecutionResult, framing: Framing): string {
  const cursor = result.extensions?.['cursor'];
  return framing.result(JSON.stringify(result), typeof cursor === 'string' ? cursor : null);
}
