import type { KpiUnit } from '../resolvers/schema-types.ts';

/**
 * A column of a report's rows; `unit` is null for text, days and instants. Cells of a DAY are
 * `YYYY-MM-DD`, those of an INSTANT RFC 3339 in UTC: files write both as their reader is used to.
 */
export type ReportColumn = {
  key: string;
  title: string;
  unit: KpiUnit | null;
  type?: 'DAY' | 'INSTANT';
};

/** A row's cells by column key. */
export type Cells = Readonly<Record<string, string | number | boolean | null>>;
