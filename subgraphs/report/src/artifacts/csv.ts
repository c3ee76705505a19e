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

type Cell = string | number | boolean | null;

function lines(records: readonly (readonly Cell[])[]): string {
  const texts = records.map((cells) => cells.map(textOf));
  return stringify(texts, { record_delimiter: 'windows', quoted_match: LINE_BREAK });
}

/** The library quotes its own delimiter, but one half of it starts a line for readers as well. */
const LINE_BREAK = /[\r\n]/;

/** Made here: asking the library to cast each cell takes twice the time. */
function textOf(cell: Cell): string | null {
  return typeof cell === 'string' ? neutralized(cell) : cell === null ? null : String(cell);
}
