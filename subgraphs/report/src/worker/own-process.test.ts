import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { createLogger } from '@quantumroute/ops/log';

import type { ReportService } from '../../test/report-service.ts';
import { startReportService } from '../../test/report-service.ts';
import { claimReport, requestReport, rowOf } from '../../test/requests.ts';
import { dispatcherOf } from '../../test/world.ts';
import { runInOwnProcess } from './own-process.ts';

const log = createLogger({ service: 'own-process-test', level: 'silent' });

let service: ReportService;

before(async () => {
  service = await startReportService();
  Object.assign(process.env, service.env);
});

after(() => service?.close());

async function claimed(input: Record<string, unknown> = {}) {
  const { reportId } = await requestReport(service, dispatcherOf(service.world.north), input);
  const workerId = 'a worker that waits for its child';
  await claimReport(service, reportId, workerId);
  return { reportId, attempt: 1 };
}

const signal = AbortSignal.timeout(60_000);

test('an attempt in its own process tells how it ended', async () => {
  const fine = await claimed();
  assert.equal(await runInOwnProcess(fine, { signal, log }), 'succeeded');
  assert.equal((await rowOf(service, fine.reportId)).status, 'SUCCEEDED');
  process.env['REPORT_MAX_ROWS'] = '1';
  await service.world.addManyStops(service.world.north, '2026-11-02', 2);
  const large = await claimed({ parameters: { groupBy: 'STOP' } });
  assert.equal(await runInOwnProcess(large, { signal, log }), 'failed');
  assert.equal((await rowOf(service, large.reportId)).failure_code, 'TOO_LARGE');
});

test('an attempt in its own process is lost when it is somebody else’s by now', async () => {
  const { reportId } = await claimed();
  assert.equal(await runInOwnProcess({ reportId, attempt: 7 }, { signal, log }), 'lost');
});

test('an attempt in its own process is not begun by a worker that has to stop', async () => {
  const stopping = AbortSignal.abort(new Error('stop'));
  const startedAt = performance.now();
  assert.equal(await runInOwnProcess(await claimed(), { signal: stopping, log }), 'lost');
  assert.ok(performance.now() - startedAt < 5_000);
});
