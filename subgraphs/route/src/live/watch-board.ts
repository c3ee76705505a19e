import { createBell } from '@quantumroute/ops/bell';
import { live, mark } from '@quantumroute/ops/live-event';
import type { GapReason, LiveEvent, LiveMark, LiveSource } from '@quantumroute/ops/live-event';
import { pull } from '@quantumroute/ops/pull';
import { createRetries } from '@quantumroute/ops/retries';

import { KEPT_MS } from '../storage/stores/change-log.ts';
import type { Day, DayChanges } from '../storage/stores/change-log.ts';
import { boardEvents } from './board-events.ts';
import type { BoardEvent } from './board-events.ts';
import { boardCursor } from './board-position.ts';
import type { BoardPosition } from './board-position.ts';

/** Transactions that are read at a time. */
const READ_AT_ONCE = 50;
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
}): Promise<LiveSource<BoardEvent>> {
  const { day, after, listen, findEnd, read } = options;
  const bell = createBell();
  let mayBeMore = true;
  const ring = () => {
    mayBeMore = true;
    bell.ring();
  };
  const retries = createRetries(ring);
  const stop = await listen(({ depotId, date }) => {
    if (depotId === day.depotId && date === day.date) ring();
  });
  const begun = await findEnd().then(
    (end) => beginning(after, end),
    (error: unknown) => {
      stop();
      throw error;
    },
  );
  let { position } = begun;
  let waiting: (LiveEvent<BoardEvent> | LiveMark)[] = [begun.first];
  const readMore = async () => {
    mayBeMore = false;
    try {
      const days = await read({ from: position.transactionId, limit: READ_AT_ONCE });
      retries.worked();
      if (days.length === READ_AT_ONCE) mayBeMore = true;
      const events = boardEvents(days, position);
      position = events.at(-1)?.position ?? position;
      waiting = events.map((event) => toldAs(event));
    } catch {
      retries.failed();
    }
  };
  return pull<LiveEvent<BoardEvent> | LiveMark>({
    bell,
    free: () => {
      retries.end();
      stop();
    },
    take: async () => {
      if (waiting.length === 0 && mayBeMore) await readMore();
      return waiting.shift() ?? null;
    },
  });
}

type Beginning = { position: BoardPosition; first: LiveEvent<BoardEvent> | LiveMark };

function beginning(after: BoardPosition | null, end: string): Beginning {
  const gap = after === null ? undefined : gapBetween(after, end);
  if (after !== null && gap === undefined) {
    const first = mark({ position: boardCursor.of(after), mode: 'changes' });
    return { position: after, first };
  }
  const transactionId = String(BigInt(end) - 1n);
  const position = { transactionId, index: Number.MAX_SAFE_INTEGER, atMs: Date.now() };
  return { position, first: toldAs({ position, reload: true, change: null }, gap) };
}

function gapBetween({ transactionId, atMs }: BoardPosition, end: string): GapReason | undefined {
  if (atMs <= Date.now() - KEPT_MS + MARGIN_MS) return 'TRIMMED';
  // A transaction that has not begun yet is one of a database that this one was restored from.
  return BigInt(transactionId) < BigInt(end) ? undefined : 'RESET';
}

function toldAs(event: BoardEvent, gap?: GapReason): LiveEvent<BoardEvent> {
  const { change, position } = event;
  return live({
    value: event,
    position: boardCursor.of(position),
    mode: 'changes',
    key: change ? `${change.kind} ${change.id}` : 'reload',
    // No cache keeps runs.
    settles: change?.kind !== 'RUN',
    ...(gap ? { gap } : {}),
  });
}
