import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { onEachQueue } from '../../test/each-queue.ts';
import type { ReportService } from '../../test/report-service.ts';
import { holdLock } from '../../test/hold-lock.ts';
import { startReportService } from '../../test/report-service.ts';
import { requestReport, rowOf } from '../../test/requests.ts';
import { until } from '../../test/until.ts';
import type { WorkerProcess } from '../../test/worker-process.ts';
import { startWorker } from '../../test/worker-process.ts';
import { dispatcherOf } from '../../test/world.ts';

let service: ReportService;

async function stopsSoon(worker: WorkerProcess): Promise<void> {
  const startedAt = performance.now();
  assert.equal(await worker.stop(), 0, worker.output());
  const tookMs = performance.now() - startedAt;
  assert.ok(tookMs < 15_000, `stopped after ${tookMs} ms`);
}

onEachQueue((queue) => {
  before(async () => {
    service = await startReportService(await queue.open());
  });

  after(async () => {
    await service?.close();
    await queue.close();
  });

  test('a worker that has to stop finishes what it runs, is not ready, and begins nothing', async (t) => {
    const { north } = service.world;
    const worker = await startWorker(service, {
      REPORT_WORKER_CONCURRENCY: '1',
      REPORT_WORKER_DRAIN_MS: '12000',
    });
    t.after(() => worker.kill());
    const lock = await holdLock(service.world, 'report.stop_facts');
    t.after(() => lock.release());
    // Read from the facts themselves, which the lock keeps from it.
    const first = await requestReport(service, dispatcherOf(north), {
      parameters: { groupBy: 'STOP' },
    });
    // Who sums days up waits for the lock too.
    const isRunning = async () => (await rowOf(service, first.reportId)).status === 'RUNNING';
    await until(isRunning, { what: 'the first report to run', withinMs: 60_000 });
    await until(() => lock.isWaitedFor(), { what: 'the first report to read', withinMs: 60_000 });
    const second = await requestReport(service, dispatcherOf(north));
    const stopped = worker.stop();
    const isUnready = async () => (await fetch(`${worker.url}/health/ready`)).status === 503;
    await until(isUnready, { what: 'the worker to be not ready' });
    await lock.release();
    assert.equal(await stopped, 0, worker.output());
    const rows = [await rowOf(service, first.reportId), await rowOf(service, second.reportId)];
    assert.deepEqual(
      rows.map(({ status, attempt }) => [status, attempt]),
      [
        ['SUCCEEDED', 1],
        ['REQUESTED', 0],
      ],
    );
  });

  test('a worker without work stops at once', async () => stopsSoon(await startWorker(service)));

  test('a worker that has lost Redis stops all the same', async () => {
    const worker = await startWorker(service);
    await service.redis.kill();
    await stopsSoon(worker);
  });

  test('a worker that never had Redis stops all the same', async () =>
    stopsSoon(await startWorker(service)));
});
