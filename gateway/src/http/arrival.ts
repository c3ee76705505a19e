/** What the front has seen of a request before the pipeline, and wants to hear from it. */
export type Arrival = {
  /** The generation of the caller's organization, if the front has asked for it. */
  readonly generation: string | null | undefined;
  /** The operation is a query that this caller may run; its answer belongs to this key. */
  admitted(answerKey: string): void;
};
