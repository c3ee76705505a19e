import type { ReportColumn } from '../column.ts';

/** A column of a list and the SQL of its cells. */
export type ListCell = ReportColumn & {
  readonly sql: string;
  /** True: who drove what is the operator's own business, and missing where a partner is the subject. */
  readonly isInternal?: true;
};

/** The columns of a list as a report tells them. */
export function columnsOf(cells: readonly ListCell[]): ReportColumn[] {
  return cells.map(({ sql: _sql, isInternal: _isInternal, ...column }) => column);
}

/** The select list of a list. */
export function selectOf(cells: readonly ListCell[]): string {
  return cells.map(({ key, sql }) => `${sql} as "${key}"`).join(', ');
}
