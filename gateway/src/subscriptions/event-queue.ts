/**
 * An async iterator whose `return` ends it at once, also while somebody waits in `next`. An async
 * generator cannot do that, and leaks what it waits for.
 */
export type EventStream<T> = {
  next(): Promise<IteratorResult<T, undefined>>;
  return(): Promise<IteratorResult<T, undefined>>;
  [Symbol.asyncIterator](): EventStream<T>;
};

/** Takes what is pushed, and gives it, or what is read of it, to whoever pulls. */
export type EventQueue<T, R = T> = {
  /** False when the queue is full; the value is not taken then. */
  push(value: T): boolean;
  /** Nothing more comes; what waits is still given, and then `last`, even if the queue is full. */
  end(...last: T[]): void;
  /** What has not been pulled yet, oldest first. */
  readonly waiting: readonly T[];
  /** Takes back what waits and is picked, and gives it. */
  drop(isPicked: (value: T) => boolean): T[];
  stream: EventStream<R>;
};

/** A queue of at most `capacity` values. `onReturn` is called once, when the reader leaves early. */
export function createEventQueue<T, R = T>({
  capacity,
  onReturn,
  onDrained = () => undefined,
  read = (value) => value as unknown as R,
}: {
  capacity: number;
  onReturn: () => void;
  /** Somebody pulls, and nothing is there. */
  onDrained?: () => void;
  /** What the reader gets of a value; default the value. */
  read?: (value: T) => R;
}): EventQueue<T, R> {
  let waiting: T[] = [];
  let reader: ((result: IteratorResult<R, undefined>) => void) | undefined;
  let isEnded = false;

  const settle = (result: IteratorResult<R, undefined>): void => {
    const resolve = reader;
    reader = undefined;
    resolve?.(result);
  };
  const give = (value: T): boolean => {
    if (!reader) return false;
    settle({ done: false, value: read(value) });
    return true;
  };

  const stream: EventStream<R> = {
    next() {
      if (waiting.length > 0) {
        return Promise.resolve({ done: false, value: read(waiting.shift() as T) });
      }
      if (isEnded) return Promise.resolve(DONE);
      onDrained();
      return new Promise((resolve) => {
        reader = resolve;
      });
    },
    return() {
      waiting.length = 0;
      if (!isEnded) {
        isEnded = true;
        settle(DONE);
        onReturn();
      }
      return Promise.resolve(DONE);
    },
    [Symbol.asyncIterator]: () => stream,
  };

  return {
    push(value) {
      if (isEnded || give(value)) return true;
      if (waiting.length >= capacity) return false;
      waiting.push(value);
      return true;
    },
    end(...last) {
      if (isEnded) return;
      isEnded = true;
      for (const value of last) {
        if (!give(value)) waiting.push(value);
      }
      settle(DONE);
    },
    get waiting() {
      return waiting;
    },
    drop(isPicked) {
      const picked = waiting.filter(isPicked);
      if (picked.length > 0) waiting = waiting.filter((value) => !isPicked(value));
      return picked;
    },
    stream,
  };
}

const DONE = { done: true, value: undefined } as const;
