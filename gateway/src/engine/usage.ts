/** Counts who uses something that is to be stopped after the last of them. */
export type Usage = {
  enter(): Disposable & { leave(): void };
  /** Resolves as soon as nobody uses it, or when the time is up. */
  unused(options: { withinMs: number }): Promise<void>;
};

/** Nobody uses it yet. */
export function createUsage(): Usage {
  let users = 0;
  let waiting: (() => void)[] = [];
  const left = (): void => {
    users -= 1;
    if (users > 0) return;
    for (const resolve of waiting) resolve();
    waiting = [];
  };
  return {
    enter() {
      users += 1;
      let isIn = true;
      const leave = (): void => {
        if (isIn) left();
        isIn = false;
      };
      return { leave, [Symbol.dispose]: leave };
    },
    unused({ withinMs }) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, withinMs);
      if (users === 0) resolve();
      else waiting.push(resolve);
      return promise.finally(() => clearTimeout(timer));
    },
  };
}
