/** The places of a worker: so many reports run at the same time, whoever found them. */
export type Places = {
  free(): number;
  /** Runs in the next place that becomes free, first come, first served. */
  run<T>(work: () => Promise<T>): Promise<T>;
};

export function createPlaces(count: number): Places {
  let free = count;
  const waiting: (() => void)[] = [];
  return {
    free: () => free,
    run: async (work) => {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      try {
        return await work();
      } finally {
        const next = waiting.shift();
        if (next === undefined) free += 1;
        else next();
      }
    },
  };
}
