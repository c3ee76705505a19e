import { stringify } from 'csv-stringify/sync';

import type { FileSource } from './file-source.ts';
import { machineColumns } from './machine-columns.ts';
import { neutralized } from './neutralized.ts';

/**
 * RFC 4180 text with a heading line, batch by batch: memory does not grow with the report. It starts
 * with a byte order mark, without which Excel takes UTF-8 for something older.
 */
export async function* csvOf({
  columns,
  batches,
  settings,
}: Omit<FileSource, 'summary'>): AsyncGenerator<string> {
  const shown = machineColumns(columns, settings);
  yield `\uFEFF${lines([shown.map(({ title }) => title)])}`;
  for await (const rows of batches) {
    yield lines(rows.map((row) => shown.map(({ read }) => read(row))));
  }
}

function lines(records: (string | number | boolean | null)[][]): string {
  return stringify(records, {
    record_delimiter: 'windows',
    cast: { string: neutralized, boolean: String },
  });
}
