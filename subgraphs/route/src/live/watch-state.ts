import { createBell } from '@quantumroute/ops/bell';
import { pull } from '@quantumroute/ops/pull';

import type { DayChanges } from '../storage/stores/change-log.ts';

/**
 * What a state is now, then whatever else it becomes: changes only wake it, the state is read when
 * the reader asks for the next one. Ends after a final state; without one it waits for the first.
 */
export async function watchState<S>(options: {
  listen: (listener: (changes: DayChanges) => void) => Promise<() => void>;
  /** Whether a change may be one of this state, given the last one that was read. */
  concerns: (changes: DayChanges, last: S | null) => boolean;
  /** Null when there is none. The first read fails the watch; later ones are tried again. */
  load: () => Promise<S | null>;
  /** What tells two states apart. */
  keyOf: (state: S) => string;
  isFinal: (state: S) => boolean;
  /** Between two states, at least. */
  pauseMs: number;
}): Promise<AsyncIterableIterator<S>> {
  const { listen, concerns, load, keyOf, isFinal, pauseMs } = options;
  const bell = createBell();
  let last: S | null = null;
  let hasRead = false;
  let sentKey: string | null = null;
  let mayBeNew = true;
  let isEnded = false;
  let restUntil = -Infinity;
  let waking: NodeJS.Timeout | undefined;
  const ringIn = (ms: number) => {
    clearTimeout(waking);
    waking = setTimeout(() => bell.ring(), ms);
  };
  const read = async (): Promise<S | null> => {
    mayBeNew = false;
    try {
      const state = await load();
      hasRead = true;
      return state;
    } catch (error) {
      if (!hasRead) throw error;
      mayBeNew = true;
      restUntil = performance.now() + RETRY_MS;
      ringIn(RETRY_MS);
      return null;
    }
  };
  const stop = await listen((changes) => {
    if (mayBeNew || !concerns(changes, last)) return;
    mayBeNew = true;
    bell.ring();
  });
  return pull<S>({
    bell,
    free: () => {
      clearTimeout(waking);
      stop();
    },
    take: async () => {
      if (isEnded) return 'ended';
      if (!mayBeNew) return null;
      const leftMs = restUntil - performance.now();
      if (leftMs > 0) {
        ringIn(leftMs);
        return null;
      }
      const state = await read();
      last = state ?? last;
      if (state === null || keyOf(state) === sentKey) return null;
      sentKey = keyOf(state);
      isEnded = isFinal(state);
      restUntil = performance.now() + pauseMs;
      return state;
    },
  });
}

const RETRY_MS = 1_000;
