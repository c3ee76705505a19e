/** Trying again what has failed, for somebody who waits. */
export type Retries = {
  /** Rings after half a second, later after each failure in a row, within 4 s; once, however many fail. */
  failed(): void;
  /** The next failure is the first one again. */
  worked(): void;
  /** Nothing rings any more, whatever fails. */
  end(): void;
};

const FIRST_MS = 500;
const LONGEST_MS = 3_000;

/** One timer at a time. Waits differ by a quarter, so that not all who failed come back together. */
export function createRetries(ring: () => void): Retries {
  let waitMs = FIRST_MS;
  let timer: NodeJS.Timeout | undefined;
  let isEnded = false;
  const clear = () => {
    clearTimeout(timer);
    timer = undefined;
  };
  const due = () => {
    timer = undefined;
    ring();
  };
  return {
    failed() {
      if (isEnded || timer !== undefined) return;
      timer = setTimeout(due, waitMs * (0.75 + Math.random() / 2));
      waitMs = Math.min(waitMs * 2, LONGEST_MS);
    },
    worked() {
      waitMs = FIRST_MS;
      clear();
    },
    end() {
      isEnded = true;
      clear();
    },
  };
}
