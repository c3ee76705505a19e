import { createBell } from '@quantumroute/ops/bell';
import { pull } from '@quantumroute/ops/pull';

import { KEPT_MS } from '../storage/stores/change-log.ts';
import type { Day, DayChanges } from '../storage/stores/change-log.ts';
import { boardEvents } from './board-events.ts';
import type { BoardEvent } from './board-events.ts';
import type { BoardPosition } from './board-position.ts';

/** Transactions that are read at a time. */
const READ_AT_ONCE = 50;
const RETRY_MS = 1_000;
/** The log is tidied up now and then, and a transaction takes its time. */
const MARGIN_MS = 10 * 60_000;

/**
 * The changes of a depot's day behind a position, in order, without gap or duplicate. Who has none,
 * or one that the log does not reach back to, is told first to look at the whole. The log is read
 * when the reader asks for more: a slow one finds each thing once, in its last state.
 */
export async function watchBoard(options: {
  day: Day;
  after: BoardPosition | null;
  listen: (listener: (changes: DayChanges) => void) => Promise<() => void>;
  /** The first transaction that is not to be read yet. Called after `listen`. */
  findEnd: () => Promise<string>;
  read: (wanted: { from: string; limit: number }) => Promise<readonly DayChanges[]>;
}): Promise<AsyncIterableIterator<BoardEvent>> {
  const { day, after, listen, findEnd, read } = options;
  const bell = createBell();
  let mayBeMore = true;
  let retrying: NodeJS.Timeout | undefined;
  const stop = await listen(({ depotId, date }) => {
    if (depotId !== day.depotId || date !== day.date) return;
    mayBeMore = true;
    bell.ring();
  });
  const first = await findEnd().then(
    (end) => firstPosition(after, end),
    (error: unknown) => {
      stop();
      throw error;
    },
  );
  let { position } = first;
  let waiting: BoardEvent[] = first.isGap ? [{ position, reload: true, change: null }] : [];
  const readMore = async () => {
    mayBeMore = false;
    try {
      const days = await read({ from: position.transactionId, limit: READ_AT_ONCE });
      if (days.length === READ_AT_ONCE) mayBeMore = true;
      waiting = boardEvents(days, position);
      position = waiting.at(-1)?.position ?? position;
    } catch {
      clearTimeout(retrying);
      retrying = setTimeout(() => {
        mayBeMore = true;
        bell.ring();
      }, RETRY_MS);
    }
  };
  return pull<BoardEvent>({
    bell,
    free: () => {
      clearTimeout(retrying);
      stop();
    },
    take: async () => {
      if (waiting.length === 0 && mayBeMore) await readMore();
      return waiting.shift() ?? null;
    },
  });
}

function firstPosition(
  after: BoardPosition | null,
  end: string,
): { position: BoardPosition; isGap: boolean } {
  const nowMs = Date.now();
  // A transaction that has not begun yet is one of a database that this one was restored from.
  const isKnown =
    after !== null &&
    after.atMs > nowMs - KEPT_MS + MARGIN_MS &&
    BigInt(after.transactionId) < BigInt(end);
  if (isKnown) return { position: after, isGap: false };
  const transactionId = String(BigInt(end) - 1n);
  return { position: { transactionId, index: Number.MAX_SAFE_INTEGER, atMs: nowMs }, isGap: true };
}
