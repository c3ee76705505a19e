/** Says that a report of the organization was requested. */
export type Hint = { reportId: string; organizationId: string };

/**
 * Wakes workers. A hint may be lost, doubled or late: the rows in PostgreSQL decide what is run, and
 * what is lost here is found there.
 */
export type ReportQueue = {
  /** Hands hints over, within a second or not at all. */
  enqueue(hints: readonly Hint[]): Promise<void>;
  /** Calls `handler` for each hint, at most `concurrency` at a time, until the consumer is closed. */
  consume(handler: () => Promise<void>, concurrency: number): QueueConsumer;
  /** Hints that wait or are being handled, as far as the queue can tell. */
  length(): Promise<Record<'waiting' | 'active', number>>;
  close(): Promise<void>;
};

export type QueueConsumer = {
  /** Takes no more hints, then resolves when the handlers that run have ended. */
  close(): Promise<void>;
};
