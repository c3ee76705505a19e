import { ERROR_CODES, isErrorCode } from '@quantumroute/ops/failures';
import type { ErrorCode } from '@quantumroute/ops/failures';
import type { Logger } from '@quantumroute/ops/log';
import { currentRequest } from '@quantumroute/ops/request';
import { GraphQLError } from 'graphql';
import type { GraphQLFormattedError } from 'graphql';

/** Makes an error fit to be seen: see `createErrorMask`. */
export type ErrorMask = (error: GraphQLFormattedError, cause?: unknown) => GraphQLFormattedError;

/** The most errors that one answer carries. */
export const MOST_ERRORS = 100;

/**
 * Lets pass the message of a code of the catalogue, its path and the extensions that are meant for
 * clients, and adds the request id. Anything else becomes INTERNAL_SERVER_ERROR and goes to the log:
 * no URL, answer, stack or connection string leaves the house.
 */
export function createErrorMask({
  log,
  hideSuggestions,
}: {
  log: Logger;
  /** "Did you mean …" tells names of a schema that may not be introspected. */
  hideSuggestions: boolean;
}): ErrorMask {
  return (error, cause) => {
    const code = visibleCode(error);
    const requestId = currentRequest()?.requestId;
    if (code === 'INTERNAL_SERVER_ERROR') log.error({ err: cause ?? error }, 'unexpected error');
    const path = visiblePath(error.path);
    return {
      message: visibleMessage(error.message, { code, hideSuggestions }),
      ...(error.locations ? { locations: error.locations } : {}),
      ...(path ? { path } : {}),
      extensions: { ...visibleExtensions(error), code, ...(requestId ? { requestId } : {}) },
    };
  };
}

/** Masks whatever was thrown, or came as an error of somebody's answer. */
export function maskAny(error: unknown, mask: ErrorMask): GraphQLFormattedError {
  if (error instanceof GraphQLError) return mask(error.toJSON(), error);
  const isFormatted = typeof error === 'object' && error !== null && !(error instanceof Error);
  return mask(isFormatted ? (error as GraphQLFormattedError) : { message: '' }, error);
}

/** At most `MOST_ERRORS`; the last one then says how many there were. */
export function boundErrors(errors: readonly GraphQLFormattedError[]): GraphQLFormattedError[] {
  if (errors.length <= MOST_ERRORS) return [...errors];
  const shown = errors.slice(0, MOST_ERRORS - 1);
  const message = `${errors.length - shown.length} more errors are not shown`;
  const { code, requestId } = shown[0]?.extensions ?? {};
  return [...shown, { message, extensions: { code, ...(requestId ? { requestId } : {}) } }];
}

/** The HTTP status of an answer without data. */
export function statusOf(errors: readonly GraphQLFormattedError[]): number {
  const code = errors[0]?.extensions?.['code'];
  return ERROR_CODES[isErrorCode(code) ? code : 'INTERNAL_SERVER_ERROR'].httpStatus;
}

const CLIENT_EXTENSIONS = ['argumentPath', 'coordinate', 'limit', 'retryAfterSeconds', 'subgraph'];

// A subgraph that refuses the gateway, or finds its document at fault, has found a mistake of ours.
const OWN_CODES = new Set<ErrorCode>([
  'UNAUTHENTICATED',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_REQUEST',
  'PAYLOAD_TOO_LARGE',
]);

function visibleCode({ extensions }: GraphQLFormattedError): ErrorCode {
  const code = extensions?.['code'];
  if (!isErrorCode(code)) return 'INTERNAL_SERVER_ERROR';
  const isOfSubgraph = typeof extensions?.['serviceName'] === 'string';
  return isOfSubgraph && OWN_CODES.has(code) ? 'INTERNAL_SERVER_ERROR' : code;
}

function visibleMessage(
  message: string,
  { code, hideSuggestions }: { code: ErrorCode; hideSuggestions: boolean },
): string {
  if (code === 'INTERNAL_SERVER_ERROR') return 'Internal server error';
  return hideSuggestions ? message.replace(/ ?Did you mean .*\?/s, '') : message;
}

/** A fetch for the items of a list has `@` where an index would be: the path ends before it. */
function visiblePath(path: GraphQLFormattedError['path']): GraphQLFormattedError['path'] {
  const wildcard = path?.indexOf('@') ?? -1;
  return wildcard === -1 ? path : path?.slice(0, wildcard);
}

function visibleExtensions({ extensions = {} }: GraphQLFormattedError): Record<string, unknown> {
  return Object.fromEntries(
    CLIENT_EXTENSIONS.flatMap((name) => (name in extensions ? [[name, extensions[name]]] : [])),
  );
}
