import type { ListCell } from './list-cell.ts';

/** A column of instants. */
export function instantCell(key: string, title: string, column: string): ListCell {
  const sql = `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;
  return { key, title, unit: null, type: 'INSTANT', sql };
}

/** A column of days. */
export function dayCell(key: string, title: string, column: string): ListCell {
  return { key, title, unit: null, type: 'DAY', sql: `${column}::text` };
}
