import assert from 'node:assert/strict';
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
let worker: WorkerProcess;

before(async () => {
  service = await startReportService();
  worker = await startWorker(service);
});

after(async () => {
  await worker?.kill();
  await service?.close();
});

/** Statements of reports that the server works on, or waits with. */
async function statementsAtWork(): Promise<number> {
  const { rows } = await service.world.sql.query<{ count: number }>(
    `select count(*)::int as count from pg_stat_activity
     where datname = current_database() and state = 'active'
       and application_name = 'quantumroute-report-reader'`,
  );
  return rows[0]?.count ?? 0;
}

async function cancel(id: string): Promise<void> {
  const { reportCancel } = await service.data<{ reportCancel: object }>({
    query: `mutation ($id: ID!) { reportCancel(id: $id) { report { status } userErrors { code } } }`,
    identity: dispatcherOf(service.world.north),
    variables: { id },
  });
  assert.deepEqual(reportCancel, { report: { status: 'CANCELED' }, userErrors: [] });
}

/** Milliseconds from a cancel in the middle of a statement until the server works on none. */
async function silenceAfterCancel(): Promise<number> {
  // Only this kind reads shifts: everything else of the worker goes on.
  const lock = await holdLock(service.world, 'fleet.shifts');
  const { id, reportId } = await requestReport(service, dispatcherOf(service.world.north), {
    kind: 'FLEET_UTILIZATION',
  });
  await until(async () => (await lock.isWaitedFor()) && (await statementsAtWork()) === 1, {
    what: 'the statement',
  });
  await cancel(id);
  const { tookMs } = await until(async () => (await statementsAtWork()) === 0, { what: 'silence' });
  await lock.release();
  assert.equal((await rowOf(service, reportId)).status, 'CANCELED');
  assert.deepEqual(await service.store.keysOf(reportId), []);
  return tookMs;
}

test('a running report is canceled within a second, also inside its SQL', async (t) => {
  const took = [await silenceAfterCancel(), await silenceAfterCancel(), await silenceAfterCancel()];
  t.diagnostic(`silent after ${took.map(Math.round).join(', ')} ms`);
  // A machine that is busy with other tests may be late once.
  assert.ok((took.toSorted((a, b) => a - b)[1] ?? Infinity) < 1_000, `took ${took.join(', ')} ms`);
});

test('a worker that hears nothing notices a cancel at its next heartbeat', async (t) => {
  await service.redis.kill();
  try {
    const tookMs = await silenceAfterCancel();
    t.diagnostic(`silent after ${Math.round(tookMs)} ms`);
    assert.ok(tookMs < 2_000, `took ${tookMs} ms`);
  } finally {
    await service.redis.start();
  }
});
