import type { Cells, ReportColumn } from '../figures/column.ts';
import type { FileSettings } from './file-settings.ts';
import type { Summary } from './summary.ts';

/** What a file is written from: rows as they are read, and at their end what they amount to. */
export type FileSource = {
  readonly columns: readonly ReportColumn[];
  readonly batches: AsyncIterable<readonly Cells[]>;
  /** Known only when all rows have been taken: wait for it after them. */
  readonly summary: Promise<Summary>;
  readonly settings: FileSettings;
};

/** The first rows; the others are taken too, so that nobody who writes them all has to wait. */
export async function firstRows(
  batches: FileSource['batches'],
  count: number,
): Promise<readonly Cells[]> {
  const first: Cells[] = [];
  for await (const rows of batches) {
    if (first.length < count) first.push(...rows.slice(0, count - first.length));
  }
  return first;
}
