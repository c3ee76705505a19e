import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { createLogger } from '@quantumroute/ops/log';

import { holdLock } from '../../test/hold-lock.ts';
import type { ReportService } from '../../test/report-service.ts';
import { startReportService } from '../../test/report-service.ts';
import { claimReport, requestReport, rowOf } from '../../test/requests.ts';
import { until } from '../../test/until.ts';
import { dispatcherOf } from '../../test/world.ts';
import { runInOwnProcess } from './own-process.ts';

const log = createLogger({ service: 'own-process-test', level: 'silent' });

/** Read from the facts themselves, which a lock can keep from it. */
const BY_STOP = { parameters: { groupBy: 'STOP' } };
const never = new AbortController().signal;

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

test('an attempt in its own process tells how it ended', async () => {
  const fine = await claimed();
  assert.equal(await runInOwnProcess(fine, { signal: never, log }), 'succeeded');
  assert.equal((await rowOf(service, fine.reportId)).status, 'SUCCEEDED');
  process.env['REPORT_MAX_EXPORT_ROWS'] = '1';
  await service.world.addManyStops(service.world.north, '2026-11-02', 2);
  const large = await claimed(BY_STOP);
  assert.equal(await runInOwnProcess(large, { signal: never, log }), 'failed');
  assert.equal((await rowOf(service, large.reportId)).failure_code, 'TOO_LARGE');
});

test('an attempt in its own process is lost when it is somebody else’s by now', async () => {
  const { reportId } = await claimed();
  assert.equal(await runInOwnProcess({ reportId, attempt: 7 }, { signal: never, log }), 'lost');
});

test('an attempt in its own process is not begun by a worker that has to stop', async () => {
  const stopping = AbortSignal.abort(new Error('stop'));
  const startedAt = performance.now();
  assert.equal(await runInOwnProcess(await claimed(), { signal: stopping, log }), 'lost');
  assert.ok(performance.now() - startedAt < 5_000);
});

test('an attempt in its own process minds the time that a report may take', async (t) => {
  process.env['REPORT_RUN_TIMEOUT_MS'] = '300';
  t.after(() => delete process.env['REPORT_RUN_TIMEOUT_MS']);
  const lock = await holdLock(service.world, 'report.stop_facts');
  t.after(() => lock.release());
  const slow = await claimed(BY_STOP);
  assert.equal(await runInOwnProcess(slow, { signal: never, log }), 'failed');
  assert.equal((await rowOf(service, slow.reportId)).failure_code, 'TIMED_OUT');
});

test('an attempt in its own process that hears nothing any more is ended all the same', async (t) => {
  const lock = await holdLock(service.world, 'report.stop_facts');
  t.after(() => lock.release());
  const stuck = await claimed(BY_STOP);
  const tooLong = new AbortController();
  const outcome = runInOwnProcess(stuck, { signal: tooLong.signal, log });
  await until(() => lock.isWaitedFor(), { what: 'the child to read', withinMs: 60_000 });
  const { worker_id: workerId } = await rowOf(service, stuck.reportId);
  process.kill(Number(workerId?.split(':').at(-1)), 'SIGSTOP');
  tooLong.abort(new Error('too long'));
  assert.equal(await outcome, 'lost');
  assert.equal((await rowOf(service, stuck.reportId)).status, 'RUNNING');
});
