import { createBell } from '@quantumroute/ops/bell';
import { live, mark, resumePosition } from '@quantumroute/ops/live-event';
import type { GapReason, LiveEvent, LiveMark, LiveSource } from '@quantumroute/ops/live-event';
import { pull } from '@quantumroute/ops/pull';
import { createRetries } from '@quantumroute/ops/retries';
import type { Position } from '../storage/stores/positions.ts';
import { NOTHING_TOLD, isBeyond, mapPositionText, readMapPosition } from './map-position.ts';
import type { MapPosition } from './map-position.ts';

/**
 * Where those are now who moved within an interval, as the look has found it: read later, it could be
 * ahead of the frame's place. What else is told of them is read when the frame is resolved.
 */
export type PositionsFrame = { at: Date; positions: readonly Position[] };

/** What one frame holds at most; the others come in the next one. */
const MAX_IN_FRAME = 200;

/** Where a reader's vehicles are found. */
export type PositionsSource = {
  /** What the database shows after the call. */
  present: () => Promise<string>;
  /** Of the vehicles that the reader wants to see and was not told of, as `now` shows it. By id. */
  load: (wanted: {
    position: MapPosition;
    now: string;
    limit: number;
  }) => Promise<readonly Position[]>;
};

/**
 * Vehicles from where they are to wherever they move, gathered for an interval at a time. Who moves
 * again before a frame is read is in it once; a slow reader gets fewer frames, not older ones, and
 * keeps nothing but a position. Whoever resumes is told who has moved since, once; after a position
 * of another database, where everybody is.
 *
 * The intervals of all readers end at the same moments, so that those who follow the same come to
 * the same positions, whenever they began.
 */
export function watchPositions({
  listen,
  intervalMs,
  from = resumePosition(),
  ...source
}: PositionsSource & {
  listen: (listener: () => void) => () => void;
  intervalMs: number;
  from?: string | null;
}): LiveSource<PositionsFrame> {
  const bell = createBell();
  const reader = new PositionsReader(source, from);
  let isFailing = false;
  const retries = createRetries(() => {
    isFailing = false;
    bell.ring();
  });
  let restUntil = -Infinity;
  let waking: NodeJS.Timeout | undefined;
  const stop = listen(() => {
    reader.mayHaveMore = true;
    bell.ring();
  });
  const isResting = () => {
    const leftMs = restUntil - performance.now();
    if (leftMs <= 0) return false;
    clearTimeout(waking);
    waking = setTimeout(() => bell.ring(), leftMs);
    return true;
  };
  const look = async () => {
    try {
      const told = await reader.look();
      retries.worked();
      // Also after a look that finds nothing: others of the organization move all the time.
      restUntil = endOfInterval(intervalMs);
      return told;
    } catch (error) {
      if (!reader.hasLooked) throw error;
      isFailing = true;
      retries.failed();
      return null;
    }
  };
  return pull<LiveEvent<PositionsFrame> | LiveMark>({
    bell,
    free: () => {
      clearTimeout(waking);
      retries.end();
      stop();
    },
    take: async () => {
      while (reader.mayHaveMore && !isFailing && !isResting()) {
        const told = await look();
        if (told !== null) return told;
      }
      return null;
    },
  });
}

/** The first end of one that is not too soon; a timer may ring a little late, or early. */
function endOfInterval(intervalMs: number): number {
  return Math.ceil((performance.now() + intervalMs * 0.9) / intervalMs) * intervalMs;
}

class PositionsReader {
  readonly #source: PositionsSource;
  #position: MapPosition | null;
  #gap: GapReason | undefined;
  mayHaveMore = true;
  hasLooked = false;

  constructor(source: PositionsSource, from: string | null) {
    this.#source = source;
    this.#position = from === null ? NOTHING_TOLD : readMapPosition(from);
  }

  /** A frame; of the first look that finds nothing a mark, otherwise null. */
  async look(): Promise<LiveEvent<PositionsFrame> | LiveMark | null> {
    this.mayHaveMore = false;
    try {
      const now = await this.#source.present();
      const position = this.#positionIn(now);
      const positions = await this.#source.load({ position, now, limit: MAX_IN_FRAME });
      this.#position = this.#behind(position, positions, now);
      return this.#told(this.#position, positions);
    } catch (error) {
      this.mayHaveMore = true;
      throw error;
    }
  }

  #positionIn(now: string): MapPosition {
    if (this.#position && !isBeyond(this.#position, now)) return this.#position;
    this.#gap = 'RESET';
    return NOTHING_TOLD;
  }

  /** Where the position is when these are told, of all that have moved as `now` shows it. */
  #behind({ told, sweep }: MapPosition, positions: readonly Position[], now: string): MapPosition {
    const begun = sweep?.told ?? now;
    const last = positions.length === MAX_IN_FRAME ? positions.at(-1)?.vehicleId : undefined;
    if (last !== undefined || sweep !== null) this.mayHaveMore = true;
    if (last === undefined) return { told: begun, sweep: null };
    return { told, sweep: { told: begun, upTo: last } };
  }

  #told(
    place: MapPosition,
    positions: readonly Position[],
  ): LiveEvent<PositionsFrame> | LiveMark | null {
    const isFirst = !this.hasLooked;
    this.hasLooked = true;
    const note = {
      position: mapPositionText(place),
      mode: 'changes',
      ...(this.#gap ? { gap: this.#gap } : {}),
    } as const;
    if (positions.length === 0 && !isFirst) return null;
    this.#gap = undefined;
    if (positions.length === 0) return mark(note);
    // Where vehicles are is told so often, and kept by caches so shortly, that none is told to forget.
    return live({ value: { at: new Date(), positions }, settles: false, ...note });
  }
}
