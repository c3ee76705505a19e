import { Readable } from 'node:stream';

import { stringify } from 'csv-stringify';

import type { Cells, ReportColumn } from '../figures/column.ts';

/** RFC 4180 text with a heading line, row by row: memory does not grow with the report. */
export function csvOf(
  columns: readonly ReportColumn[],
  rows: AsyncIterable<Cells>,
): AsyncIterable<string | Buffer> {
  const stringifier = stringify({
    bom: true,
    record_delimiter: 'windows',
    header: true,
    columns: columns.map(({ key, title }) => ({ key, header: neutralized(title) })),
    cast: { string: neutralized, number: rounded, boolean: String },
  });
  const source = Readable.from(rows, { highWaterMark: 100 });
  source.once('error', (error) => stringifier.destroy(error));
  stringifier.once('close', () => source.destroy());
  return source.pipe(stringifier);
}

/**
 * A spreadsheet runs a cell that starts like a formula. An apostrophe before it makes it text again;
 * such texts come from whoever names a depot or a partner.
 */
export function neutralized(text: string): string {
  return /^[\s\uFEFF]*[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}

/** Nobody reads the noise of floating point beyond the sixth decimal. */
function rounded(value: number): string {
  return String(Number(value.toFixed(6)));
}
