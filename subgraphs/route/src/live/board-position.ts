import type { Cursor } from '../cursors.ts';
import { cursor } from '../cursors.ts';

/** A place in the change log of a day: everything up to it has been told. */
export type BoardPosition = {
  /** 64 bits, as text. */
  readonly transactionId: string;
  /** Which of the changes of that transaction was the last. */
  readonly index: number;
  readonly atMs: number;
};

/** Its text for clients. `read` throws BAD_USER_INPUT for a cursor of anything else. */
export const boardCursor: Cursor<BoardPosition, BoardPosition> = cursor<
  BoardPosition,
  BoardPosition
>(
  ({ transactionId, index, atMs }) => [transactionId, index, atMs],
  ([transactionId, index, atMs]) =>
    typeof transactionId === 'string' &&
    /^\d{1,19}$/.test(transactionId) &&
    Number.isSafeInteger(index) &&
    Number.isSafeInteger(atMs)
      ? { transactionId, index: Number(index), atMs: Number(atMs) }
      : null,
);
