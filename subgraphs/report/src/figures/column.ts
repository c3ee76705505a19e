import type { KpiUnit } from '../resolvers/schema-types.ts';

/** A column of a report's rows; `unit` is null for text and dates. */
export type ReportColumn = { key: string; title: string; unit: KpiUnit | null };

/** A row's cells by column key. */
export type Cells = Readonly<Record<string, string | number | boolean | null>>;
