import type { EventStream } from './event-queue.ts';

/**
 * The events of `source`, each completed before the next is taken. Leaving the stream leaves the
 * source at once, also while an event is being completed. `onEnd` is called exactly once.
 */
export function completedEvents<T>(
  source: EventStream<T>,
  { complete, onEnd }: { complete: (event: T) => Promise<T>; onEnd: () => void },
): EventStream<T> {
  let isEnded = false;
  const end = (): IteratorResult<T, undefined> => {
    if (!isEnded) {
      isEnded = true;
      onEnd();
    }
    return { done: true, value: undefined };
  };
  const stream: EventStream<T> = {
    async next() {
      const event = isEnded ? end() : await source.next();
      if (event.done || isEnded) return end();
      const value = await complete(event.value);
      return isEnded ? end() : { done: false, value };
    },
    async return() {
      const result = end();
      await source.return();
      return result;
    },
    [Symbol.asyncIterator]: () => stream,
  };
  return stream;
}
