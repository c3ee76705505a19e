import type { World } from '../data/world.ts';
import { DATA_FROM } from '../data/world.ts';
import { measureExport } from './measure-export.ts';

const ROWS = 5_000_000;
const TARGET_MB = 200;

/** Exports as many stops as there are, up to five millions, and prints what memory it took. */
export async function benchExport(url: string, { organizations }: World): Promise<void> {
  const { rows, seconds, peakBytes, files } = await measureExport({
    url,
    organizationIds: organizations.map(({ id }) => id),
    from: DATA_FROM,
    to: '2025-12-31',
    rows: ROWS,
    formats: ['CSV', 'JSONL'],
  });
  const megabytes = (bytes: number) => Math.round(bytes / 1e6).toLocaleString('en');
  const sizes = files.map(({ format, byteSize }) => `${format} ${megabytes(byteSize)} MB`);
  console.log(
    `${rows.toLocaleString('en')} rows as ${sizes.join(' and ')} in ${seconds.toFixed(0)} s ` +
      `(${Math.round(rows / seconds).toLocaleString('en')} rows/s)\n` +
      `peak memory of the exporting process: ${megabytes(peakBytes)} MB, ` +
      `${peakBytes < TARGET_MB * 1e6 ? 'below' : 'MORE THAN'} the ${TARGET_MB} MB that are allowed`,
  );
}
