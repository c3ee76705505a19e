import type { FormattedExecutionResult } from 'graphql';

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
  execute,
  onEnd,
}: {
  source: AsyncIterable<unknown>;
  execute: (event: unknown) => Promise<FormattedExecutionResult>;
  /** Called once, when the source is exhausted, has failed or was returned. */
  onEnd: () => void;
}): ResultStream {
  const events = source[Symbol.asyncIterator]();
  const ended = Promise.withResolvers<IteratorResult<FormattedExecutionResult>>();
  let isOpen = true;
  const end = () => {
    if (!isOpen) return;
    isOpen = false;
    ended.resolve(DONE);
    onEnd();
  };
  const next = async (): Promise<IteratorResult<FormattedExecutionResult>> => {
    try {
      const event = await events.next();
      if (!event.done) return { done: false, value: await execute(event.value) };
    } catch (error) {
      end();
      throw error;
    }
    end();
    return DONE;
  };
  return {
    next: () => (isOpen ? Promise.race([next(), ended.promise]) : Promise.resolve(DONE)),
    async return() {
      const wasOpen = isOpen;
      end();
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
