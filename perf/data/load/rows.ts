import { TABLES } from './tables.ts';
import type { Rows, Table } from './tables.ts';

/** All rows of several sets together. */
export function mergeRows(sets: readonly Rows[]): Rows {
  const tables = Object.keys(TABLES) as Table[];
  return Object.fromEntries(
    tables.map((table) => [table, sets.flatMap((set): object[] => set[table] ?? [])]),
  );
}
