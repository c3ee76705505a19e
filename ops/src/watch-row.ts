import { createBell } from './bell.ts';
import { live, mark, readPosition, resumePosition } from './live-event.ts';
import type { LiveEvent, LiveMark, LiveSource } from './live-event.ts';
import { pull } from './pull.ts';
import { createRetries } from './retries.ts';

/** A row that grows in version each time it changes. */
export type WatchedRow = { readonly version: number };

/**
 * The present state of a row, then every later one that the reader keeps up with, never an older
 * one again; ends after a final state, or when the row is gone. Events only wake it: the row is read
 * when the reader asks for the next state, so that a slow reader costs nothing.
 *
 * Its position is the version: whoever resumes with the present one is sent nothing before a later
 * one, or the end at once if it was final. An older row than his is told as a gap.
 */
export function watchRow<R extends WatchedRow>(options: {
  /** Gives what stops the listening. Events may come twice, and late; versions tell. */
  listen: (listener: (event: { version: number }) => void) => () => void;
  /** Null when the row is gone. The first load fails the watch; later ones are tried again. */
  load: () => Promise<R | null>;
  isFinal: (row: R) => boolean;
  /** Between two states that are not final, at least; 0 when left out. */
  pauseMs?: number;
  /** The position to go on from; default that of the present subscription. */
  from?: string | null;
}): LiveSource<R> {
  const { listen, load, isFinal, pauseMs = 0, from = resumePosition() } = options;
  let known = from === null ? null : versionIn(from);
  const bell = createBell();
  const retries = createRetries(bell.ring);
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
  return pull<LiveEvent<R> | LiveMark>({
    bell,
    free: () => {
      clearTimeout(waking);
      retries.end();
      stop();
    },
    take: async () => {
      if (ended) return 'ended';
      if (!mayBeNewer || isResting()) return null;
      mayBeNewer = false;
      const row = await load().catch((error: unknown) => {
        if (sent === 0) throw error;
        mayBeNewer = true;
        retries.failed();
        return undefined;
      });
      if (row === undefined) return null;
      retries.worked();
      if (row === null) return 'ended';
      if (row.version <= sent) return null;
      sent = row.version;
      ended = isFinal(row);
      const resumedAt = known;
      known = null;
      if (row.version === resumedAt)
        return ended ? 'ended' : mark({ position: positionOf(row), mode: 'state' });
      restUntil = performance.now() + pauseMs;
      return live({
        value: row,
        position: positionOf(row),
        mode: 'state',
        settles: ended,
        ...(resumedAt !== null && row.version < resumedAt ? { gap: 'RESET' } : {}),
      });
    },
  });
}

function positionOf({ version }: WatchedRow): string {
  return `v.${version}`;
}

function versionIn(position: string): number | null {
  const { epoch, number } = readPosition(position) ?? {};
  return epoch === 'v' && number !== undefined ? number : null;
}
