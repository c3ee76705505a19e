import type { FormattedExecutionResult, GraphQLError } from 'graphql';
import type { Caller } from '../identity/caller.ts';
import type { EventStream } from './event-queue.ts';
import type { OpenOperation, OperationAnswer, OperationRequest } from './open-operation.ts';

/** An operation whose answers go to a client until one of both has enough of it. */
export type RunningOperation = {
  /**
   * Sends every answer, each when the one before has gone. Resolves when nothing more comes: with
   * the reason when it was ended before its time.
   */
  send(write: (result: FormattedExecutionResult) => Promise<void>): Promise<GraphQLError | null>;
  /** What it began with: one answer, or a stream of them. */
  answer: Promise<OperationAnswer>;
  /** Ends it at once, also while it waits for something. */
  end(reason?: GraphQLError): void;
};

/** Opens an operation for a caller. */
export function runOperation(
  request: OperationRequest,
  {
    openOperation,
    caller,
    isReadOnly = false,
  }: { openOperation: OpenOperation; caller: Caller; isReadOnly?: boolean },
): RunningOperation {
  const left = new AbortController();
  let reason: GraphQLError | null = null;
  let stream: EventStream<FormattedExecutionResult> | null = null;
  const answer = openOperation(request, { caller, signal: left.signal, isReadOnly });
  return {
    answer,
    async send(write) {
      const opened = await answer;
      if (opened.kind === 'stream') {
        stream = opened.stream;
        if (left.signal.aborted) await stream.return();
        for await (const result of stream) await write(result);
      } else if (!left.signal.aborted) {
        await write(opened.result);
      }
      return reason;
    },
    end(why) {
      if (left.signal.aborted) return;
      reason = why ?? null;
      left.abort();
      void stream?.return();
    },
  };
}
