export const FAILURE_CODES = [
  'TOO_LARGE',
  'TIMED_OUT',
  'WORKER_LOST',
  'STORE_UNAVAILABLE',
  'INTERNAL',
] as const;

export type FailureCode = (typeof FAILURE_CODES)[number];

/**
 * Why a run ended without a result. `worthRetrying`: the same run may succeed a moment later, so the
 * worker tries again by itself; `retryable` is told to the client, who may ask again.
 */
export class ReportFailure extends Error {
  readonly code: FailureCode;
  readonly retryable: boolean;
  readonly worthRetrying: boolean;

  constructor(code: FailureCode, message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = 'ReportFailure';
    this.code = code;
    this.retryable = code !== 'TOO_LARGE';
    this.worthRetrying = code === 'STORE_UNAVAILABLE' || code === 'INTERNAL';
  }
}

/** Any error as a failure that a client may read: what is not ours is INTERNAL, without its text. */
export function asReportFailure(error: unknown): ReportFailure {
  if (error instanceof ReportFailure) return error;
  return new ReportFailure('INTERNAL', 'The report could not be computed', { cause: error });
}
