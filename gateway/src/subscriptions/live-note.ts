import type { GapReason, LiveNote } from '@quantumroute/ops/live-event';
import type { FormattedExecutionResult } from 'graphql';

/** What a subgraph says about an event, or about a position without one. */
export type ReceivedNote = Partial<LiveNote> & {
  /** Of the span in which it was made. */
  trace?: string;
};

/** The note of a subgraph of ours; null of any other. */
export function noteOf({ extensions }: FormattedExecutionResult): ReceivedNote | null {
  const note = extensions?.['live'];
  return typeof note === 'object' && note !== null ? note : null;
}

/** Whether it only says how far the subgraph has come. */
export function isMark({ data, errors }: FormattedExecutionResult): boolean {
  return data === undefined && errors === undefined;
}

/** Beside the data of an answer to a client. */
export function liveExtensions({
  cursor,
  gap,
  conflated,
}: {
  cursor: string;
  gap?: GapReason | undefined;
  conflated?: number;
}): Record<string, unknown> {
  return {
    cursor,
    ...(gap ? { gap: { reason: gap } } : {}),
    ...(conflated ? { conflated } : {}),
  };
}
