import { unwrapResolverError } from '@apollo/server/errors';
import type { GraphQLError, GraphQLFormattedError } from 'graphql';
import { databaseFailure } from './database-failure.ts';
import { isErrorCode } from './failures.ts';
import type { Logger } from './log.ts';
import { currentRequest } from './request.ts';

/**
 * Makes Apollo's `formatError`: errors with a code of the catalogue pass as they are, a database that
 * is away or slow gets its code, and everything else is logged with its stack and answered as
 * INTERNAL_SERVER_ERROR with the request id. A stack never leaves the process.
 */
export function maskErrors(
  log: Logger,
): (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError {
  return (formatted, error) => {
    const { code, stacktrace: _stacktrace, ...extensions } = formatted.extensions ?? {};
    if (isErrorCode(code) && code !== 'INTERNAL_SERVER_ERROR') {
      return { ...formatted, extensions: { ...extensions, code } };
    }
    const cause = unwrapResolverError(error);
    const known = databaseFailure(cause) ?? abortFailure(cause);
    if (known) {
      log.warn({ err: cause, path: formatted.path }, 'field failed');
      return shown(formatted, known.message, known.extensions['code']);
    }
    log.error({ err: cause, path: formatted.path }, 'field failed');
    return shown(formatted, 'Internal server error', 'INTERNAL_SERVER_ERROR');
  };
}

/** What a request was aborted for, when `error` says no more than that it was. */
function abortFailure(error: unknown): GraphQLError | null {
  const reason: unknown = currentRequest()?.signal.reason;
  const isAbort = error instanceof Error && error.name === 'AbortError';
  if (!isAbort || !(reason instanceof Error) || !('extensions' in reason)) return null;
  return reason as GraphQLError;
}

function shown(
  { path, locations }: GraphQLFormattedError,
  message: string,
  code: unknown,
): GraphQLFormattedError {
  const requestId = currentRequest()?.requestId;
  return {
    message,
    ...(locations ? { locations } : {}),
    ...(path ? { path } : {}),
    extensions: { code, ...(requestId ? { requestId } : {}) },
  };
}
