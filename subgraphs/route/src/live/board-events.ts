import { MOST_CHANGES } from '../storage/stores/change-log.ts';
import type { Change, DayChanges } from '../storage/stores/change-log.ts';
import type { BoardPosition } from './board-position.ts';

/** What a board is told, in the order of the log. */
export type BoardEvent = {
  readonly position: BoardPosition;
  /** There is more to know than is told one by one. */
  readonly reload: boolean;
  /** Null with `reload`. */
  readonly change: Change | null;
};

/**
 * What has to be told of a day's changes behind a position: each thing once, at its last change.
 * A new plan, or too much at once, is told as a whole, and so is everything before it.
 */
export function boardEvents(days: readonly DayChanges[], after: BoardPosition): BoardEvent[] {
  const events = new Map<string, BoardEvent>();
  const tell = (key: string, event: BoardEvent) => {
    events.delete(key);
    events.set(key, event);
  };
  const reload = (position: BoardPosition) => {
    events.clear();
    tell('reload', { position, reload: true, change: null });
  };
  for (const { transactionId, recordedAtMs: atMs, changes } of days) {
    const isTold = (index: number) => transactionId === after.transactionId && index <= after.index;
    if (changes === null && !isTold(0)) reload({ transactionId, index: 0, atMs });
    for (const [index, change] of (changes ?? []).entries()) {
      if (isTold(index)) continue;
      const position = { transactionId, index, atMs };
      tell(`${change.kind} ${change.id}`, { position, reload: false, change });
      if (events.size > MOST_CHANGES) reload(position);
    }
  }
  return [...events.values()];
}
