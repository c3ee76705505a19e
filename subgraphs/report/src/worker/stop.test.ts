import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import type { ReportService } from '../../test/report-service.ts';
import { startReportService } from '../../test/report-service.ts';
import type { WorkerProcess } from '../../test/worker-process.ts';
import { startWorker } from '../../test/worker-process.ts';

let service: ReportService;

before(async () => {
  service = await startReportService();
});

after(() => service?.close());

async function stopsSoon(worker: WorkerProcess): Promise<void> {
  const startedAt = performance.now();
  assert.equal(await worker.stop(), 0, worker.output());
  const tookMs = performance.now() - startedAt;
  assert.ok(tookMs < 7_000, `stopped after ${tookMs} ms`);
}

test('a worker without work stops at once', async () => stopsSoon(await startWorker(service)));

test('a worker that has lost Redis stops all the same', async () => {
  const worker = await startWorker(service);
  await service.redis.kill();
  await stopsSoon(worker);
});

test('a worker that never had Redis stops all the same', async () =>
  stopsSoon(await startWorker(service)));
