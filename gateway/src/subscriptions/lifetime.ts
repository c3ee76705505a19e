import { runDetached } from '@quantumroute/ops/request';
import type { FormattedExecutionResult } from 'graphql';
import { createEventQueue } from './event-queue.ts';
import type { EventStream } from './event-queue.ts';

/** What the metrics want to know of a client's subscription, beside that it was opened. */
export type Lifetime = {
  /** An event of it had errors. */
  onFailed(result: FormattedExecutionResult): void;
  /** It is over, whoever has ended it. */
  onGone(): void;
};

/**
 * Opens a stream and shows `subscribe` another one, of nothing but failures and the end: what wraps
 * the stream itself would be paid for each delivery.
 */
export async function withLifetime<S>(
  subscribe: (
    open: () => Promise<EventStream<FormattedExecutionResult>>,
  ) => Promise<EventStream<FormattedExecutionResult>>,
  open: (lifetime: Lifetime) => Promise<S>,
): Promise<S> {
  const { lifetime, stream } = createLifetime();
  const opened = Promise.withResolvers<S>();
  const watched = await subscribe(async () => {
    opened.resolve(await open(lifetime));
    return stream;
  });
  runDetached(() => void readToTheEnd(watched));
  return opened.promise;
}

/** Apart, because closures keep what is around them: here that would be the whole request. */
function createLifetime(): { lifetime: Lifetime; stream: EventStream<FormattedExecutionResult> } {
  const { push, end, stream } = createEventQueue<FormattedExecutionResult>({
    capacity: 1,
    onReturn: () => undefined,
  });
  return { lifetime: { onFailed: (result) => void push(result), onGone: () => end() }, stream };
}

async function readToTheEnd(stream: EventStream<unknown>): Promise<void> {
  while (!(await stream.next()).done);
}
