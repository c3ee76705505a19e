import type { Bell } from './bell.ts';

/**
 * An iterator over what `take` finds each time the bell rings. It is an object with its own `next`
 * and `return`, because a generator that waits cannot be returned: `return` ends a waiting `next`
 * at once. Nothing is fetched before it is asked for, so a slow reader costs no memory.
 */
export function pull<T>(options: {
  bell: Bell;
  /** The next value; null when there is none yet; `ended` after the last one. */
  take: () => Promise<T | null | 'ended'>;
  /** Called once, however the iteration ends. */
  free: () => void;
}): AsyncIterableIterator<T> {
  const { bell, take, free } = options;
  let open = true;
  const close = () => {
    if (!open) return;
    open = false;
    free();
    bell.ring();
  };
  const next = async (): Promise<IteratorResult<T>> => {
    try {
      while (open) {
        const taken = await take();
        if (!open || taken === 'ended') break;
        if (taken !== null) return { done: false, value: taken };
        await bell.rung();
      }
    } catch (error) {
      close();
      throw error;
    }
    close();
    return { done: true, value: undefined };
  };
  const iterator: AsyncIterableIterator<T> = {
    next,
    return: async () => {
      close();
      return { done: true, value: undefined };
    },
    throw: async (error) => {
      close();
      throw error;
    },
    [Symbol.asyncIterator]: () => iterator,
  };
  return iterator;
}
