import { GraphQLError } from 'graphql';

/**
 * Every code that `extensions.code` of a top-level error can have, with the HTTP status of an answer
 * without data (beside data it is 200). Expected outcomes of a mutation are not here: they are
 * `userErrors` in its payload.
 */
export const ERROR_CODES = {
  GRAPHQL_PARSE_FAILED: { httpStatus: 400, meaning: 'The document is not GraphQL.' },
  GRAPHQL_VALIDATION_FAILED: { httpStatus: 400, meaning: 'The document does not fit the schema.' },
  OPERATION_RESOLUTION_FAILURE: {
    httpStatus: 400,
    meaning: 'The document has no such operation, or several and none was named.',
  },
  BAD_REQUEST: { httpStatus: 400, meaning: 'The HTTP request is not one of GraphQL over HTTP.' },
  BAD_USER_INPUT: {
    httpStatus: 400,
    meaning: 'An argument or variable is unusable; `extensions.argumentPath` says which.',
  },
  PERSISTED_QUERY_NOT_FOUND: {
    httpStatus: 200,
    meaning: 'No document is known for this hash: send hash and document together.',
  },
  PERSISTED_QUERY_REQUIRED: {
    httpStatus: 403,
    meaning: 'This caller may run registered operations only.',
  },
  OPERATION_TOO_EXPENSIVE: {
    httpStatus: 400,
    meaning: 'The operation is beyond a limit; `extensions.limit` says which and how far.',
  },
  PAYLOAD_TOO_LARGE: { httpStatus: 413, meaning: 'The request body is larger than allowed.' },
  UNAUTHENTICATED: { httpStatus: 401, meaning: 'A valid token or API key is needed.' },
  FORBIDDEN: { httpStatus: 403, meaning: 'The caller lacks the scope or organization for this.' },
  NOT_FOUND: { httpStatus: 404, meaning: 'There is no such thing, or not for this caller.' },
  RATE_LIMITED: {
    httpStatus: 429,
    meaning: 'Too much at once; try again after `extensions.retryAfterSeconds`.',
  },
  SUBGRAPH_UNAVAILABLE: {
    httpStatus: 200,
    meaning: 'The part of the graph behind this field does not answer now.',
  },
  SUBSCRIPTION_SCHEMA_RELOAD: {
    httpStatus: 200,
    meaning: 'The schema has changed, and the subscription cannot go on: subscribe again.',
  },
  SERVICE_UNAVAILABLE: { httpStatus: 503, meaning: 'A store or service is away; try again soon.' },
  DEADLINE_EXCEEDED: { httpStatus: 504, meaning: 'The answer took longer than the deadline.' },
  REQUEST_CANCELED: { httpStatus: 499, meaning: 'The caller left before the answer was ready.' },
  INTERNAL_SERVER_ERROR: {
    httpStatus: 500,
    meaning: 'A mistake of ours; `extensions.requestId` finds it in our logs.',
  },
} as const satisfies Record<string, { httpStatus: number; meaning: string }>;

/** A code of the catalogue. */
export type ErrorCode = keyof typeof ERROR_CODES;

/** An error that is meant for the caller: its message is shown as it is, with `code` in extensions. */
export function failure(
  code: ErrorCode,
  message: string,
  {
    path,
    ...extensions
  }: { path?: readonly (string | number)[]; [extension: string]: unknown } = {},
): GraphQLError {
  return new GraphQLError(message, {
    ...(path ? { path } : {}),
    extensions: { ...extensions, code },
  });
}

/** An unusable argument. `argumentPath` leads to it: `['input', 'orders', '3', 'windows']`. */
export function badInput(argumentPath: readonly string[], message: string): GraphQLError {
  return failure('BAD_USER_INPUT', message, { argumentPath });
}

/** Whether `code` is one of the catalogue, and so safe to show. */
export function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && Object.hasOwn(ERROR_CODES, code);
}
