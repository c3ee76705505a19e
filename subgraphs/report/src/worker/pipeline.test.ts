import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { encodeId } from '@quantumroute/schema/ids';

import { onEachQueue } from '../../test/each-queue.ts';
import { insertExperiment } from '../../test/experiments.ts';
import type { ReportService } from '../../test/report-service.ts';
import { startReportService } from '../../test/report-service.ts';
import { requestReport, rowOf } from '../../test/requests.ts';
import { addExperiment } from '../../test/small-day.ts';
import { until } from '../../test/until.ts';
import type { WorkerProcess } from '../../test/worker-process.ts';
import { startWorker } from '../../test/worker-process.ts';
import { dispatcherOf } from '../../test/world.ts';

let service: ReportService;
let worker: WorkerProcess;

onEachQueue((queue) => {
  before(async () => {
    service = await startReportService(await queue.open());
    worker = await startWorker(service);
    const { world } = service;
    const { north } = world;
    await world.addStop({ tenant: north, day: '2026-11-02', onTime: true });
    await world.addStop({ tenant: north, day: '2026-11-02', onTime: false, orders: 3, inFull: 2 });
    await world.addStop({ tenant: north, day: '2026-11-03', depot: north.depots[1] });
    await world.addRoute({ tenant: north, day: '2026-11-02' });
  });

  after(async () => {
    await worker?.stop();
    await service?.close();
    await queue.close();
  });

  test('a requested report succeeds with rows, totals, charts and files', async () => {
    const identity = dispatcherOf(service.world.north);
    const { id, reportId } = await requestReport(service, identity, {
      formats: ['CSV', 'HTML'],
      parameters: { groupBy: 'DEPOT' },
    });
    await until(async () => (await rowOf(service, reportId)).status === 'SUCCEEDED', {
      what: 'success',
      withinMs: 60_000,
    });
    const { report } = await service.data<{ report: Finished }>({
      query: RESULT,
      identity,
      variables: { id },
    });
    assert.equal(report.status, 'SUCCEEDED');
    assert.deepEqual(report.progress, { phase: 'DONE', ratio: 1, rowsRead: 2 });
    assert.deepEqual(
      report.rows.nodes.map(({ depot, stops, onTime }) => ({ depot, stops, onTime })),
      [
        { depot: '=Kiel', stops: 1, onTime: 1 },
        { depot: 'Hamburg', stops: 2, onTime: 0.5 },
      ],
    );
    assert.equal(report.totals.find(({ key }) => key === 'inFull')?.value, 4 / 5);
    assert.equal(report.charts.length, 2);
    assert.deepEqual(report.subject, { __typename: 'Organization' });
    assert.deepEqual(
      report.artifacts.map(({ format }) => format),
      ['CSV', 'HTML'],
    );
    const keys = await service.store.keysOf(reportId);
    const csv = await readFile(
      join(service.env['REPORT_STORE_DIR'] ?? '', keys.find((key) => key.endsWith('.csv')) ?? ''),
      'utf8',
    );
    assert.match(csv, /^\uFEFFDepot,Stops,Failed stops/);
    assert.match(csv, /\r\n'=Kiel,1,/);
  });

  test('a report of comparisons has the rows that were made of all samples', async () => {
    const { world } = service;
    const experiment = await insertExperiment(world, world.north);
    await addExperiment({ world, day: '2026-11-02' }, { experiment, isOther: false });
    const identity = dispatcherOf(world.north);
    const { id, reportId } = await requestReport(service, identity, {
      kind: 'EXPERIMENT_OUTCOME',
      parameters: { experimentId: encodeId('experiment', experiment) },
    });
    await until(async () => (await rowOf(service, reportId)).status === 'SUCCEEDED', {
      what: 'success',
      withinMs: 60_000,
    });
    const variables = { id };
    const { report } = await service.data<{ report: Finished }>({
      query: RESULT,
      identity,
      variables,
    });
    assert.deepEqual(
      report.rows.nodes
        .filter(({ metric }) => metric === 'Planned cost per order')
        .map(({ variant, mean }) => [variant, mean]),
      [
        ['control', 5],
        ['treatment', 4],
      ],
    );
  });
});

type Finished = {
  status: string;
  progress: { phase: string; ratio: number; rowsRead: number };
  subject: { __typename: string };
  totals: { key: string; value: number | null }[];
  charts: { title: string }[];
  rows: { nodes: Record<string, unknown>[] };
  artifacts: { format: string; url: string; byteSize: number; rowCount: number }[];
};

const RESULT = `query ($id: ID!) {
  report(id: $id) {
    status progress { phase ratio rowsRead } dataAsOf expiresAt
    subject { __typename }
    totals { key value unit numerator denominator previous definition }
    charts { title altText spec }
    rows(first: 50) { columns { key title unit } nodes pageInfo { hasNextPage endCursor } }
    artifacts { format url byteSize rowCount sha256 }
    failure { code }
  }
}`;
