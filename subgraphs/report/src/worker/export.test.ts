import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { forgetPeak, memoryOf } from '../../test/process-memory.ts';
import type { ReportService } from '../../test/report-service.ts';
import { startReportService } from '../../test/report-service.ts';
import { requestReport, rowOf } from '../../test/requests.ts';
import { until } from '../../test/until.ts';
import type { WorkerProcess } from '../../test/worker-process.ts';
import { startWorker } from '../../test/worker-process.ts';
import { dispatcherOf } from '../../test/world.ts';

const MANY = 100_000;
const STORED = 1_500;
const MEBIBYTE = 2 ** 20;

let service: ReportService;
let worker: WorkerProcess;

before(async () => {
  service = await startReportService();
  const settings = { REPORT_STORED_ROWS: String(STORED), DATABASE_STATEMENT_TIMEOUT_MS: '60000' };
  worker = await startWorker(service, settings);
  const { north } = service.world;
  await service.world.addManyStops(north, '2026-11-02', 2_000);
  await service.world.addManyStops(north, '2026-10-05', MANY);
});

after(async () => {
  await worker?.stop();
  await service?.close();
});

async function exported(day: string): Promise<Exported> {
  const identity = dispatcherOf(service.world.north);
  const { id, reportId } = await requestReport(service, identity, {
    period: { from: day, to: day },
    parameters: { groupBy: 'STOP' },
    formats: ['CSV', 'JSONL', 'XLSX'],
  });
  await until(async () => (await rowOf(service, reportId)).status === 'SUCCEEDED', {
    what: 'the export',
    withinMs: 100_000,
  });
  const { report } = await service.data<{ report: Exported }>({
    query: `query ($id: ID!) { report(id: $id) { progress { rowsRead }
      rows(first: 100) { nodes isTruncated } artifacts { format byteSize rowCount } } }`,
    identity,
    variables: { id },
  });
  return report;
}

type Exported = {
  progress: { rowsRead: number };
  rows: { nodes: object[]; isTruncated: boolean };
  artifacts: { format: string; byteSize: number; rowCount: number }[];
};

test('an export of many rows takes no more memory than one of few, and keeps the first for paging', async (t) => {
  if (process.platform !== 'linux') return t.skip('only Linux tells the peak of a process');
  // Loads what has to be loaded.
  const few = await exported('2026-11-02');
  assert.equal(few.rows.isTruncated, true);
  await forgetPeak(worker.pid);
  const { nowBytes } = await memoryOf(worker.pid);
  const many = await exported('2026-10-05');
  const { peakBytes } = await memoryOf(worker.pid);
  assert.equal(many.progress.rowsRead, MANY);
  assert.equal(many.rows.isTruncated, true);
  const { rows } = await service.world.sql.query<{ kept: number }>(
    'select max(stored_rows)::int as kept from report.reports where rows_read = $1',
    [MANY],
  );
  assert.equal(rows[0]?.kept, STORED);
  const sizes = Object.fromEntries(
    many.artifacts.map(({ format, byteSize }) => [format, byteSize]),
  );
  assert.deepEqual(Object.keys(sizes).toSorted(), ['CSV', 'JSONL', 'XLSX']);
  assert.ok(Number(sizes['CSV']) > 7 * MEBIBYTE && Number(sizes['JSONL']) > 15 * MEBIBYTE);
  // Held as objects, the rows and the files would be twice as much.
  const grownBytes = peakBytes - nowBytes;
  t.diagnostic(`${nowBytes / MEBIBYTE} MiB before, ${peakBytes / MEBIBYTE} MiB at most`);
  assert.ok(grownBytes < 80 * MEBIBYTE, `grew by ${grownBytes / MEBIBYTE} MiB`);
});
