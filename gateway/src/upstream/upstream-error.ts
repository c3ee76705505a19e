/** Why a subgraph gave no answer. */
export type UpstreamFault =
  | 'unreachable'
  | 'overloaded'
  | 'resting'
  | 'timeout'
  | 'canceled'
  | 'too large'
  | 'not an answer';

/** No usable answer. The message is for our logs: it may hold what a client must not see. */
export class UpstreamError extends Error {
  readonly fault: UpstreamFault;
  /** The connection closed before the first byte of an answer. */
  readonly isUnanswered: boolean;

  constructor(
    fault: UpstreamFault,
    {
      message,
      cause,
      isUnanswered = false,
    }: { message: string; cause?: unknown; isUnanswered?: boolean },
  ) {
    super(message, { cause });
    this.name = 'UpstreamError';
    this.fault = fault;
    this.isUnanswered = isUnanswered;
  }
}
