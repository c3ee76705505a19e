import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Report } from './product.ts';
import { createFolderStore, createOutput, questionOf, reportTable, withReader } from './product.ts';
import type { ExportJob, Exported } from './measure-export.ts';

const RUN_TIMEOUT_MS = 1_800_000;
const SETTINGS = {
  locale: 'en',
  timeZone: 'Europe/Berlin',
  unitSystem: 'METRIC',
  currency: 'EUR',
} as const;

/** A process of its own, told by its argument what to export; it tells by its output what it took. */
const job = JSON.parse(process.argv[2] ?? '') as ExportJob;
const directory = await mkdtemp(join(tmpdir(), 'quantumroute-export-'));
try {
  process.stdout.write(JSON.stringify(await exportAll(job)));
} finally {
  await rm(directory, { recursive: true, force: true });
}

async function exportAll({ url, organizationIds, rows, from, to }: ExportJob): Promise<Exported> {
  const { signal } = new AbortController();
  const [first = ''] = organizationIds;
  const output = createOutput({
    report: reportOf(first),
    fence: { reportId: first, attempt: 1 },
    store: createFolderStore(directory),
    signal,
    // The row store takes the first rows only, however many there are.
    maxStoredRows: 0,
    storeRows: () => Promise.resolve(),
  });
  const startedAt = performance.now();
  let count = 0;
  await withReader({ url, signal, timeoutMs: RUN_TIMEOUT_MS }, async (reader) => {
    for (const organizationId of organizationIds) {
      if (count >= rows) break;
      const { columns, statement } = reportTable(questionOf(reportOf(organizationId)), {
        reading: 'facts',
        limit: rows - count,
      });
      if (count === 0) output.open(columns, SETTINGS);
      for await (const batch of reader.batches(statement)) {
        await output.take(batch as Parameters<typeof output.take>[0]);
        count += batch.length;
      }
    }
  });
  const { artifacts } = await output.finish({
    title: 'Export',
    subject: 'All',
    periodFrom: from,
    periodTo: to,
    dataAsOf: new Date(),
    totals: [],
    charts: [],
    rowCount: count,
  });
  return {
    rows: count,
    seconds: (performance.now() - startedAt) / 1000,
    peakBytes: process.resourceUsage().maxRSS * 1024,
    files: artifacts.map(({ format, byteSize }) => ({ format, byteSize })),
  };
}

/** As much of a report as an export reads of it. */
function reportOf(organizationId: string): Report {
  const asked: Partial<Report> = {
    id: organizationId,
    organizationId,
    kind: 'ON_TIME_IN_FULL',
    subjectType: 'organization',
    subjectId: organizationId,
    periodFrom: job.from,
    periodTo: job.to,
    parameters: { groupBy: 'STOP' },
    formats: job.formats,
  };
  return asked as Report;
}
