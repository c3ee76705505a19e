import { GraphQLError } from 'graphql';
import type { ExecutionResult, GraphQLFormattedError } from 'graphql';

/**
 * `@apollo/gateway` nulls what does not fit the schema and mentions it in an extension only. Here it
 * becomes what it is: an error with a path.
 */
export function withCompletionErrors(result: ExecutionResult): ExecutionResult {
  const { valueCompletion, ...extensions } = result.extensions ?? {};
  if (!Array.isArray(valueCompletion)) return result;
  const errors = (valueCompletion as GraphQLFormattedError[]).map(
    ({ message, path }) => new GraphQLError(message, path ? { path } : {}),
  );
  const rest = Object.keys(extensions).length > 0 ? { extensions } : {};
  return { data: result.data ?? null, errors: [...(result.errors ?? []), ...errors], ...rest };
}
