import type { FormattedExecutionResult } from 'graphql';
import type { Framing } from './framing.ts';
import { textOf } from './result-text.ts';

/** An answer as it is written to a client, with the cursor to come back with. */
export function frameOf(result: FormattedExecutionResult, framing: Framing): string {
  const cursor = result.extensions?.['cursor'];
  return framing.result(textOf(result), typeof cursor === 'string' ? cursor : null);
}
