import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { holdLock } from '../../test/hold-lock.ts';
import type { ReportService } from '../../test/report-service.ts';
import { startReportService } from '../../test/report-service.ts';
import { requestReport, rowOf } from '../../test/requests.ts';
import { until } from '../../test/until.ts';
import type { WorkerProcess } from '../../test/worker-process.ts';
import { startWorker } from '../../test/worker-process.ts';
import { dispatcherOf } from '../../test/world.ts';

let service: ReportService;

before(async () => {
  service = await startReportService();
  await service.world.addManyStops(service.world.north, '2026-11-02', 50);
});

after(() => service?.close());

async function withWorker(
  settings: Record<string, string>,
  run: (worker: WorkerProcess) => Promise<void>,
): Promise<void> {
  const worker = await startWorker(service, settings);
  try {
    await run(worker);
  } catch (error) {
    throw new Error(worker.output(), { cause: error });
  } finally {
    await worker.kill();
  }
}

const PATIENT = { withinMs: 60_000 };
const STOPS = { parameters: { groupBy: 'STOP' } };

function request(input: Record<string, unknown> = {}) {
  return requestReport(service, dispatcherOf(service.world.north), input);
}

async function status(reportId: string, wanted: string) {
  const { value } = await until(
    async () => {
      const row = await rowOf(service, reportId);
      return row.status === wanted && row;
    },
    { what: wanted, ...PATIENT },
  );
  return value;
}

test('a report that takes too long ends as TIMED_OUT', (t) =>
  withWorker({ REPORT_RUN_TIMEOUT_MS: '300' }, async () => {
    const lock = await holdLock(service.world, 'report.stop_facts');
    t.after(() => lock.release());
    const { reportId } = await request();
    const row = await status(reportId, 'FAILED');
    assert.deepEqual([row.failure_code, row.attempt], ['TIMED_OUT', 1]);
  }));

test('a report with too many rows ends as TOO_LARGE and leaves none of them', () =>
  withWorker({ REPORT_MAX_EXPORT_ROWS: '49' }, async () => {
    const { reportId } = await request(STOPS);
    const row = await status(reportId, 'FAILED');
    assert.deepEqual([row.failure_code, row.attempt], ['TOO_LARGE', 1]);
    await until(async () => {
      const { rows } = await service.world.sql.query(
        'select 1 from report.report_rows where report_id = $1',
        [reportId],
      );
      return rows.length === 0;
    }, PATIENT);
  }));

test('a store that refuses is tried again, and the report succeeds when it is back', async () => {
  const { reportId } = await request(STOPS);
  const obstacle = await putInTheWay(reportId);
  await withWorker({}, async () => {
    const waiting = await until(async () => {
      const row = await rowOf(service, reportId);
      return row.worker_id === null && row.attempt === 1 && row;
    }, PATIENT);
    assert.deepEqual([waiting.value.status, waiting.value.phase], ['RUNNING', 'WAITING']);
    await rm(obstacle);
    const row = await status(reportId, 'SUCCEEDED');
    assert.ok(row.attempt === 2 || row.attempt === 3, `attempt ${row.attempt}`);
    assert.equal(row.rows_read, 50);
  });
});

test('a store that keeps refusing ends the report as STORE_UNAVAILABLE', async () => {
  const { reportId } = await request();
  await putInTheWay(reportId);
  await withWorker({}, async () => {
    const row = await status(reportId, 'FAILED');
    assert.deepEqual([row.failure_code, row.attempt], ['STORE_UNAVAILABLE', 3]);
  });
});

/** A file where the folder of the report should be. */
async function putInTheWay(reportId: string): Promise<string> {
  const obstacle = join(service.env['REPORT_STORE_DIR'] ?? '', reportId);
  await writeFile(obstacle, 'in the way');
  return obstacle;
}

test('a worker shows its health, its queue and its attempts', () =>
  withWorker({}, async ({ url }) => {
    const { reportId } = await request();
    await status(reportId, 'SUCCEEDED');
    assert.equal((await fetch(`${url}/health/ready`)).status, 200);
    const { value } = await until(async () => {
      const lines = (await (await fetch(`${url}/metrics`)).text()).split('\n');
      return lines.some((line) => line.includes('report_attempts_total{')) && lines;
    });
    const has = (...parts: string[]) =>
      value.some((line) => parts.every((part) => line.includes(part)));
    const kind = 'kind="ON_TIME_IN_FULL"';
    assert.ok(has('report_run_seconds_count{', kind, 'outcome="succeeded"'));
    assert.ok(has('report_attempts_total{', kind, 'number="1"'));
    assert.ok(has('queue_length{', 'queue="reports"', 'state="requested"'));
    assert.ok(has('queue_length{', 'queue="hints"', 'state="waiting"'));
  }));
