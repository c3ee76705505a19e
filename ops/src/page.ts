import { badInput } from './failures.ts';

/** A page of a connection. */
export type Connection<T> = {
  nodes: T[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
};

/**
 * Checks `first` (0 to `max`) and gives how many rows to read: one more than asked for, which tells
 * whether a next page exists. Throws BAD_USER_INPUT with `argumentPath: ['first']`.
 */
export function pageOf(
  { first, after }: { first: number; after?: string | null | undefined },
  { max = 200 }: { max?: number } = {},
): { limit: number; after: string | null } {
  if (!Number.isInteger(first) || first < 0 || first > max) {
    throw badInput(['first'], `first needs a whole number from 0 to ${max}, got ${first}`);
  }
  return { limit: first + 1, after: after ?? null };
}

/** Makes a page of at most `first` nodes from the rows of a query with `limit` from `pageOf`. */
export function connectionOf<T>(
  rows: readonly T[],
  first: number,
  cursorOf: (row: T) => string,
): Connection<T> {
  const nodes = rows.slice(0, first);
  const last = nodes.at(-1);
  return {
    nodes,
    pageInfo: {
      hasNextPage: rows.length > first,
      endCursor: last === undefined ? null : cursorOf(last),
    },
  };
}

/** A count that looked at no more than `upTo + 1` rows and found `rowsFound` of them. */
export function boundedCount(
  rowsFound: number,
  upTo: number,
): { value: number; precision: 'EXACT' | 'AT_LEAST' } {
  return rowsFound > upTo
    ? { value: upTo, precision: 'AT_LEAST' }
    : { value: rowsFound, precision: 'EXACT' };
}
