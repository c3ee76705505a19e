/** One attempt at a report. A write that carries it takes effect only while it is the latest one. */
export type Fence = { readonly reportId: string; readonly attempt: number };

/** The report was taken over, canceled or given up: whoever holds this fence must stop. */
export class LeaseLostError extends Error {
  constructor({ reportId, attempt }: Fence) {
    super(`Attempt ${attempt} at report ${reportId} is over`);
    this.name = 'LeaseLostError';
  }
}
