import type { FormattedExecutionResult, GraphQLFormattedError } from 'graphql';

type Variables = Record<string, unknown>;
type Fetch = (variables: Variables) => Promise<FormattedExecutionResult>;

/**
 * Fetches as many entities at once as a subgraph takes, and puts the portions together again. Any
 * other fetch is passed on as it is.
 */
export async function inPortions(
  variables: Variables,
  fetch: Fetch,
): Promise<FormattedExecutionResult> {
  const { representations } = variables;
  if (!Array.isArray(representations) || representations.length <= MOST_ENTITIES) {
    return fetch(variables);
  }
  const starts = Array.from(
    { length: Math.ceil(representations.length / MOST_ENTITIES) },
    (_, index) => index * MOST_ENTITIES,
  );
  const portions = starts.map((start) => representations.slice(start, start + MOST_ENTITIES));
  const results = await Promise.all(
    portions.map((portion) => fetch({ ...variables, representations: portion })),
  );
  const errors = results.flatMap((result, index) =>
    (result.errors ?? []).map((error) => withOffset(error, starts[index] ?? 0)),
  );
  const entities = results.flatMap(
    ({ data }, index) => data?.['_entities'] ?? portions[index]?.map(() => null) ?? [],
  );
  return { data: { _entities: entities }, ...(errors.length > 0 ? { errors } : {}) };
}

// The bound of the subgraphs, above which they refuse.
const MOST_ENTITIES = 1_000;

function withOffset(error: GraphQLFormattedError, offset: number): GraphQLFormattedError {
  const [root, index, ...rest] = error.path ?? [];
  if (typeof index !== 'number' || root === undefined) return error;
  return { ...error, path: [root, index + offset, ...rest] };
}
