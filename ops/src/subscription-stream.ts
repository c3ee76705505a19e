import type { FormattedExecutionResult } from 'graphql';
import { runInRequest } from './request.ts';
import type { RequestScope } from './request.ts';

/** Results of a subscription. `return` ends it at once, even while the next event is awaited. */
export type ResultStream = AsyncIterableIterator<FormattedExecutionResult> & {
  return(): Promise<IteratorResult<FormattedExecutionResult>>;
  throw(error: unknown): Promise<IteratorResult<FormattedExecutionResult>>;
};

/**
 * Turns each event of `source` into a result. Not an async generator: a generator that is blocked in
 * `await` cannot be returned, and would keep its source open after the client has left.
 */
export function resultStream({
  source,
  scope,
  execute,
  failed,
  onEnd,
}: {
  source: AsyncIterable<unknown>;
  /** What the source and a failure of it belong to, whoever asks for the next result. */
  scope: RequestScope;
  /** Null for an event that gives no result. */
  execute: (event: unknown) => Promise<FormattedExecutionResult | null>;
  /** The last result of a source that fails. */
  failed: (error: unknown) => FormattedExecutionResult;
  /** Called once, when the source is exhausted, has failed or was returned. */
  onEnd: () => void;
}): ResultStream {
  const events = source[Symbol.asyncIterator]();
  // Not one promise for all to race with: it would keep every result until the stream ends.
  const waiting = new Set<(done: IteratorResult<FormattedExecutionResult>) => void>();
  let isOpen = true;
  const end = () => {
    if (!isOpen) return;
    isOpen = false;
    onEnd();
  };
  const next = async (): Promise<IteratorResult<FormattedExecutionResult>> => {
    try {
      for (;;) {
        const event = await events.next();
        if (event.done) break;
        const value = await execute(event.value);
        if (value) return { done: false, value };
      }
      end();
      return DONE;
    } catch (error) {
      const wasOpen = isOpen;
      end();
      return wasOpen ? { done: false, value: failed(error) } : DONE;
    }
  };
  return {
    next: () => {
      if (!isOpen) return Promise.resolve(DONE);
      const { promise, resolve, reject } =
        Promise.withResolvers<IteratorResult<FormattedExecutionResult>>();
      waiting.add(resolve);
      void runInRequest(scope, next)
        .then(resolve, reject)
        .finally(() => waiting.delete(resolve));
      return promise;
    },
    async return() {
      const wasOpen = isOpen;
      end();
      for (const leave of waiting) leave(DONE);
      // Not awaited: a source may be slow to let go, and whoever returns has already left.
      if (wasOpen) void Promise.resolve(events.return?.()).catch(() => undefined);
      return DONE;
    },
    async throw(error) {
      await this.return();
      throw error;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined };
