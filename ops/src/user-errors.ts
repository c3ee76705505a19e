type Common<Code extends string> = { code: Code; message: string; path: string[] };

/** The arguments have to change. */
export type InvalidInputError = Common<'INVALID' | 'NOT_FOUND' | 'IDEMPOTENCY_KEY_REUSED'> & {
  __typename: 'InvalidInputError';
};
/** The object moved on since it was read. */
export type VersionConflictError = Common<'VERSION_CONFLICT'> & {
  __typename: 'VersionConflictError';
  currentVersion: number;
};
/** The object's lifecycle has no such step. */
export type IllegalTransitionError = Common<'ILLEGAL_TRANSITION'> & {
  __typename: 'IllegalTransitionError';
  currentStatus: string;
  allowed: string[];
};
/** Too much at once. */
export type QuotaExceededError = Common<'QUOTA_EXCEEDED'> & {
  __typename: 'QuotaExceededError';
  retryAfterSeconds: number;
};

/** An expected outcome of a mutation, in its payload's `userErrors`. */
export type UserError =
  | InvalidInputError
  | VersionConflictError
  | IllegalTransitionError
  | QuotaExceededError;

/** Makes user errors. `path` leads into the mutation's arguments, list indexes as strings. */
export const userError = {
  /** The value at `path` is unusable. */
  invalid: (path: readonly string[], message: string): InvalidInputError =>
    inputError('INVALID', path, message),
  /** What `path` names does not exist for this caller; `what` is a word such as `vehicle`. */
  notFound: (path: readonly string[], what: string): InvalidInputError =>
    inputError('NOT_FOUND', path, `There is no such ${what}`),
  /** The idempotency key at `path` was used with other arguments. */
  keyReused: (path: readonly string[]): InvalidInputError =>
    inputError('IDEMPOTENCY_KEY_REUSED', path, 'This key was used with other arguments before'),
  /** Someone else wrote first. */
  versionConflict: (path: readonly string[], currentVersion: number): VersionConflictError => ({
    __typename: 'VersionConflictError',
    code: 'VERSION_CONFLICT',
    message: `The current version is ${currentVersion}`,
    path: [...path],
    currentVersion,
  }),
  /** The step is not possible from where the object is; `allowed` are the states it can go to. */
  illegalTransition: (
    path: readonly string[],
    current: string,
    allowed: readonly string[],
  ): IllegalTransitionError => ({
    __typename: 'IllegalTransitionError',
    code: 'ILLEGAL_TRANSITION',
    message: `Not possible from ${current}; possible: ${allowed.join(', ') || 'nothing'}`,
    path: [...path],
    currentStatus: current,
    allowed: [...allowed],
  }),
  /** The caller has to wait. */
  quotaExceeded: (path: readonly string[], retryAfterSeconds: number): QuotaExceededError => ({
    __typename: 'QuotaExceededError',
    code: 'QUOTA_EXCEEDED',
    message: `Too much at once; try again in ${retryAfterSeconds} s`,
    path: [...path],
    retryAfterSeconds,
  }),
};

/** Thrown inside a unit of work to roll it back and answer with `userErrors`. */
export class RefusedError extends Error {
  readonly userErrors: readonly UserError[];

  constructor(userErrors: readonly UserError[]) {
    super(`Refused: ${userErrors.map((error) => error.code).join(', ')}`);
    this.name = 'RefusedError';
    this.userErrors = userErrors;
  }
}

function inputError(
  code: InvalidInputError['code'],
  path: readonly string[],
  message: string,
): InvalidInputError {
  return { __typename: 'InvalidInputError', code, message, path: [...path] };
}
