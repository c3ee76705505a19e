import type { Cells } from '../figures/column.ts';
import type { FileSource } from './file-source.ts';
import { machineColumns } from './machine-columns.ts';

/** One JSON object per line with the titles and cells of CSV, batch by batch. */
export async function* jsonlOf({
  columns,
  batches,
  settings,
}: Omit<FileSource, 'summary'>): AsyncGenerator<string> {
  const shown = machineColumns(columns, settings).map(({ title, read }) => ({
    name: JSON.stringify(title),
    read,
  }));
  const line = (row: Cells) =>
    `{${shown.map(({ name, read }) => `${name}:${JSON.stringify(read(row))}`).join(',')}}\n`;
  for await (const rows of batches) yield rows.map(line).join('');
}
