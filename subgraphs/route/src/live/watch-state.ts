import { createHash } from 'node:crypto';

import { createBell } from '@quantumroute/ops/bell';
import { live, mark, resumePosition } from '@quantumroute/ops/live-event';
import type { LiveEvent, LiveMark, LiveSource } from '@quantumroute/ops/live-event';
import { pull } from '@quantumroute/ops/pull';
import { createRetries } from '@quantumroute/ops/retries';

import type { DayChanges } from '../storage/stores/change-log.ts';

/**
 * What a state is now, then whatever else it becomes: changes only wake it, the state is read when
 * the reader asks for the next one. Ends after a final state; without one it waits for the first.
 *
 * Its position names the state: whoever resumes with the present one is sent nothing before another,
 * or the end at once if it was final.
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
  /**
   * Whether nobody may contradict a state that has changed from a cache. The last one is null to who
   * comes back; who has just come is told of no change.
   */
  settles: (state: S, last: S | null) => boolean;
  /** Between two states, at least. */
  pauseMs: number;
  /** The position to go on from; default that of the present subscription. */
  from?: string | null;
}): Promise<LiveSource<S>> {
  const { listen, concerns, load, keyOf, isFinal, settles, pauseMs } = options;
  const { from = resumePosition() } = options;
  const bell = createBell();
  const retries = createRetries(bell.ring);
  let last: S | null = null;
  let hasRead = false;
  let toldAt = from;
  let mayBeNew = true;
  let isEnded = false;
  let restUntil = -Infinity;
  let waking: NodeJS.Timeout | undefined;
  const isResting = () => {
    const leftMs = restUntil - performance.now();
    if (leftMs <= 0) return false;
    clearTimeout(waking);
    waking = setTimeout(() => bell.ring(), leftMs);
    return true;
  };
  const read = async (): Promise<S | null> => {
    mayBeNew = false;
    try {
      const state = await load();
      hasRead = true;
      retries.worked();
      return state;
    } catch (error) {
      if (!hasRead) throw error;
      mayBeNew = true;
      retries.failed();
      return null;
    }
  };
  const stop = await listen((changes) => {
    if (mayBeNew || !concerns(changes, last)) return;
    mayBeNew = true;
    bell.ring();
  });
  /** Null when the reader knows it; who has resumed is told so once. */
  const told = (state: S, before: S | null): LiveEvent<S> | LiveMark | null => {
    const position = positionOf(keyOf(state));
    if (position === toldAt) {
      return before === null && !isEnded ? mark({ position, mode: 'state' }) : null;
    }
    const hasChanged = toldAt !== null;
    toldAt = position;
    restUntil = performance.now() + pauseMs;
    return live({
      value: state,
      position,
      mode: 'state',
      settles: hasChanged && settles(state, before),
    });
  };
  return pull<LiveEvent<S> | LiveMark>({
    bell,
    free: () => {
      clearTimeout(waking);
      retries.end();
      stop();
    },
    take: async () => {
      if (isEnded) return 'ended';
      if (!mayBeNew || isResting()) return null;
      const state = await read();
      if (state === null) return null;
      const before = last;
      last = state;
      isEnded = isFinal(state);
      return told(state, before) ?? (isEnded ? 'ended' : null);
    },
  });
}

function positionOf(key: string): string {
  return createHash('sha256').update(key).digest('base64url').slice(0, 22);
}
