/** Says that a report waits for the attempt after `attempt`. */
export type Hint = { reportId: string; attempt: number };

/**
 * Wakes workers. A hint may be lost, doubled or late: the row in PostgreSQL decides, and what is
 * lost here is found there.
 */
export type ReportQueue = {
  /** Hands hints over; one that is in the queue already is not added again. */
  enqueue(hints: readonly Hint[]): Promise<void>;
  /** Calls `handler` for each hint, at most `concurrency` at a time, until the consumer is closed. */
  consume(handler: (reportId: string) => Promise<void>, concurrency: number): QueueConsumer;
  /** Hints that wait or are being handled. */
  length(): Promise<Record<'waiting' | 'active', number>>;
  close(): Promise<void>;
};

export type QueueConsumer = {
  /** Takes no more hints, then resolves when the handlers that run have ended. */
  close(): Promise<void>;
};
