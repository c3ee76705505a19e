/** Runs work that may fail, and stops trying for a while once it does. */
export type Breaker = {
  /** Gives `fallback` when the work fails or is not tried. Never rejects. */
  run<T>(work: () => Promise<T>, fallback: T): Promise<T>;
  readonly isOpen: boolean;
};

/**
 * A circuit breaker for what can be done without: after one failure nothing is tried for
 * `restMs`, then one caller tries again. So an outage costs one slow call each time, not each call.
 */
export function createBreaker({
  restMs = 1_000,
  onFailure,
  now = Date.now,
}: {
  restMs?: number;
  onFailure: (error: unknown) => void;
  now?: () => number;
}): Breaker {
  let restsUntil = 0;
  return {
    async run(work, fallback) {
      if (now() < restsUntil) return fallback;
      const wasResting = restsUntil > 0;
      // While one caller tries, the others still rest.
      if (wasResting) restsUntil = now() + restMs;
      try {
        const value = await work();
        restsUntil = 0;
        return value;
      } catch (error) {
        restsUntil = now() + restMs;
        onFailure(error);
        return fallback;
      }
    },
    get isOpen() {
      return now() < restsUntil;
    },
  };
}
