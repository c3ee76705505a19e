import { createBell } from './bell.ts';
import { pull } from './pull.ts';

/** A row that grows in version each time it changes. */
export type WatchedRow = { readonly version: number };

/**
 * The present state of a row, then every later one that the reader keeps up with, never an older
 * one again; ends after a final state, or when the row is gone. Events only wake it: the row is read
 * when the reader asks for the next state, so that a slow reader costs nothing.
 */
export function watchRow<R extends WatchedRow>(options: {
  /** Gives what stops the listening. Events may come twice, and late; versions tell. */
  listen: (listener: (event: { version: number }) => void) => () => void;
  /** Null when the row is gone. The first load fails the watch; later ones are tried again at the next event. */
  load: () => Promise<R | null>;
  isFinal: (row: R) => boolean;
  /** Between two states that are not final, at least; 0 when left out. */
  pauseMs?: number;
}): AsyncIterableIterator<R> {
  const { listen, load, isFinal, pauseMs = 0 } = options;
  const bell = createBell();
  let sent = 0;
  let mayBeNewer = true;
  let ended = false;
  let restUntil = -Infinity;
  let waking: NodeJS.Timeout | undefined;
  const stop = listen(({ version }) => {
    if (version <= sent && !mayBeNewer) return;
    mayBeNewer = true;
    bell.ring();
  });
  const isResting = () => {
    const leftMs = restUntil - performance.now();
    if (leftMs <= 0) return false;
    clearTimeout(waking);
    waking = setTimeout(() => bell.ring(), leftMs);
    return true;
  };
  return pull<R>({
    bell,
    free: () => {
      clearTimeout(waking);
      stop();
    },
    take: async () => {
      if (ended) return 'ended';
      if (!mayBeNewer || isResting()) return null;
      mayBeNewer = false;
      const row = await load().catch((error: unknown) => {
        if (sent === 0) throw error;
        mayBeNewer = true;
        return undefined;
      });
      if (row === null) return 'ended';
      if (row === undefined || row.version <= sent) return null;
      sent = row.version;
      restUntil = performance.now() + pauseMs;
      ended = isFinal(row);
      return row;
    },
  });
}
