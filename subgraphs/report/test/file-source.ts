import type { FileSettings } from '../src/artifacts/file-settings.ts';
import type { FileSource } from '../src/artifacts/file-source.ts';
import type { Summary } from '../src/artifacts/summary.ts';
import type { Cells, ReportColumn } from '../src/figures/column.ts';

/** What a file is written from, with rows of the test's own. */
export function fileSource(what: {
  columns: readonly ReportColumn[];
  rows: Iterable<Cells> | AsyncIterable<Cells>;
  settings?: Partial<FileSettings>;
  summary?: Partial<Summary>;
}): FileSource {
  const { columns, rows } = what;
  const settings = {
    locale: 'en',
    timeZone: 'UTC',
    unitSystem: 'METRIC',
    currency: 'EUR',
    ...what.settings,
  } as const;
  const summary = summaryOf(what.summary);
  return { columns, settings, batches: batchesOf(rows), summary: Promise.resolve(summary) };
}

/** What a report without totals and charts amounts to. */
export function summaryOf(summary: Partial<Summary> = {}): Summary {
  return {
    title: 'On time in full',
    subject: 'North',
    periodFrom: '2026-11-01',
    periodTo: '2026-11-30',
    dataAsOf: new Date('2026-11-30T12:00:00Z'),
    totals: [],
    charts: [],
    rowCount: 0,
    ...summary,
  };
}

const BATCH_ROWS = 1_000;

async function* batchesOf(
  rows: Iterable<Cells> | AsyncIterable<Cells>,
): AsyncGenerator<readonly Cells[]> {
  let batch: Cells[] = [];
  for await (const row of rows) {
    batch.push(row);
    if (batch.length < BATCH_ROWS) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
