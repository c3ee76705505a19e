import { GraphQLError } from 'graphql';
import { ERROR_CODES, failure, isErrorCode } from './failures.ts';
import type { ErrorCode } from './failures.ts';
import type { Logger } from './log.ts';

/** A refusal of an HTTP request: `status` and a JSON body with `code`, both shown to the caller. */
export class HttpError extends Error {
  readonly status: number;
  readonly code: ErrorCode;
  /** The rest of the body is not worth reading: the connection ends with the answer. */
  readonly closes: boolean;

  constructor(
    status: number,
    message: string,
    { code = 'BAD_REQUEST', closes = false }: { code?: ErrorCode; closes?: boolean } = {},
  ) {
    super(message);
    this.name = 'HttpError';
    this.status = status;
    this.code = code;
    this.closes = closes;
  }
}

/** The HTTP status and GraphQL error that an error of any kind is answered with. */
export function answerOf(error: unknown): { status: number; error: GraphQLError; ours: boolean } {
  if (error instanceof HttpError) {
    return { status: error.status, error: failure(error.code, error.message), ours: false };
  }
  if (error instanceof GraphQLError && isErrorCode(error.extensions['code'])) {
    const { httpStatus } = ERROR_CODES[error.extensions['code']];
    return { status: httpStatus === 200 ? 503 : httpStatus, error, ours: false };
  }
  const masked = failure('INTERNAL_SERVER_ERROR', 'Internal server error');
  return { status: 500, error: masked, ours: true };
}

/** The header that says when to try again, for the extensions of an error that knows it. */
export function retryHeaders(extensions: Readonly<Record<string, unknown>> | undefined): {
  'retry-after'?: string;
} {
  const seconds = extensions?.['retryAfterSeconds'];
  return typeof seconds === 'number' ? { 'retry-after': String(Math.ceil(seconds)) } : {};
}

/** What a refused request is answered with. */
export type Refusal = {
  status: number;
  headers: { 'retry-after'?: string };
  body: { errors: readonly object[] };
};

/** The answer to a request that failed, as JSON for the caller; what is our fault is logged. */
export function refusalOf(
  error: unknown,
  { log, requestId, route }: { log: Logger; requestId: string; route: string },
): Refusal {
  const { status, error: shown, ours } = answerOf(error);
  if (ours) log.error({ err: error, route }, 'request failed');
  const extensions = { ...shown.extensions, requestId };
  return {
    status,
    headers: retryHeaders(shown.extensions),
    body: { errors: [{ message: shown.message, extensions }] },
  };
}
