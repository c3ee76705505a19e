import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { onEachQueue } from '../../test/each-queue.ts';
import type { ReportService } from '../../test/report-service.ts';
import { startReportService } from '../../test/report-service.ts';
import { requestReport, rowOf } from '../../test/requests.ts';
import { holdLock } from '../../test/hold-lock.ts';
import { until } from '../../test/until.ts';
import { startWorker } from '../../test/worker-process.ts';
import type { WorkerProcess } from '../../test/worker-process.ts';
import { dispatcherOf } from '../../test/world.ts';

const TAKE_OVER_MS = 7_000;

let service: ReportService;
let workers: WorkerProcess[] = [];

async function withWorkers(count: number, run: () => Promise<void>): Promise<void> {
  workers = await Promise.all(Array.from({ length: count }, () => startWorker(service)));
  try {
    await run();
  } catch (error) {
    throw new Error(workers.map(({ output }) => output()).join('\n'), { cause: error });
  } finally {
    await Promise.all(workers.map((worker) => worker.kill()));
  }
}

async function running(reportId: string, attempt: number) {
  const what = `attempt ${attempt}`;
  const { value, tookMs } = await until(
    async () => {
      const row = await rowOf(service, reportId);
      return row.status === 'RUNNING' && row.attempt === attempt && row.worker_id !== null && row;
    },
    { what, withinMs: 60_000 },
  );
  return { pid: Number(value.worker_id?.split(':').at(-1)), tookMs };
}

async function ownProcess(reportId: string): Promise<number> {
  const { value } = await until(
    async () => {
      const pid = Number((await rowOf(service, reportId)).worker_id?.split(':').at(-1));
      return workers.every((worker) => worker.pid !== pid) && pid;
    },
    { what: 'a process of its own', withinMs: 60_000 },
  );
  return value;
}

async function finished(reportId: string) {
  const isOpen = (status: string) => status === 'REQUESTED' || status === 'RUNNING';
  const { value } = await until(
    async () => {
      const row = await rowOf(service, reportId);
      return !isOpen(row.status) && row;
    },
    { what: 'the end of the report', withinMs: 60_000 },
  );
  return value;
}

async function writtenOnce(reportId: string, rowCount: number): Promise<void> {
  const { rows } = await service.world.sql.query(
    `select (select count(*)::int from report.report_rows where report_id = $1) as rows,
       (select count(*)::int from report.report_artifacts where report_id = $1) as artifacts`,
    [reportId],
  );
  assert.deepEqual(rows[0], { rows: rowCount, artifacts: 1 });
  const keys = await service.store.keysOf(reportId);
  assert.equal(keys.length, 1);
}

onEachQueue((queue) => {
  before(async () => {
    service = await startReportService(await queue.open());
    const { north } = service.world;
    await service.world.addManyStops(north, '2026-11-02', 2_500);
  });

  after(async () => {
    await service?.close();
    await queue.close();
  });

  test('a report whose worker is killed is taken over within seven seconds and written once', () =>
    withWorkers(2, async () => {
      const lock = await holdLock(service.world, 'report.stop_facts');
      const { reportId } = await requestReport(service, dispatcherOf(service.world.north), {
        parameters: { groupBy: 'STOP' },
      });
      const first = await running(reportId, 1);
      await workers.find(({ pid }) => pid === first.pid)?.kill();
      const second = await running(reportId, 2);
      assert.ok(second.tookMs < TAKE_OVER_MS, `taken over after ${second.tookMs} ms`);
      await lock.release();
      const row = await finished(reportId);
      assert.deepEqual([row.status, row.attempt, row.rows_read], ['SUCCEEDED', 2, 2_500]);
      await until(async () => (await service.store.keysOf(reportId)).length === 1);
      await writtenOnce(reportId, 2_500);
    }));

  test('a worker that wakes up after its report was finished by another changes nothing', () =>
    withWorkers(2, async () => {
      const lock = await holdLock(service.world, 'report.stop_facts');
      const { reportId } = await requestReport(service, dispatcherOf(service.world.north), {
        parameters: { groupBy: 'STOP' },
      });
      const zombie = await running(reportId, 1);
      // Stopped any earlier, it may find its claim taken over, and then has no attempt to lose.
      await until(() => lock.isWaitedFor(), { what: 'the first attempt to read' });
      process.kill(zombie.pid, 'SIGSTOP');
      await running(reportId, 2);
      await lock.release();
      const row = await finished(reportId);
      assert.equal(row.status, 'SUCCEEDED');
      const version = row.version;
      process.kill(zombie.pid, 'SIGCONT');
      await until(async () => workers.some(({ output }) => /"outcome":"lost"/.test(output())), {
        what: 'the zombie to give up',
      });
      const later = await rowOf(service, reportId);
      assert.deepEqual([later.status, later.attempt, later.version], ['SUCCEEDED', 2, version]);
      await until(async () => (await service.store.keysOf(reportId)).length === 1);
      await writtenOnce(reportId, 2_500);
    }));

  test('a report that always loses its worker fails after three attempts and harms no other', () =>
    withWorkers(2, async () => {
      const identity = dispatcherOf(service.world.north);
      // Only this kind reads shifts: everything else runs on.
      const lock = await holdLock(service.world, 'fleet.shifts');
      const poison = await requestReport(service, identity, { kind: 'FLEET_UTILIZATION' });
      for (const attempt of [1, 2, 3]) {
        const { pid } = await running(poison.reportId, attempt);
        // From the second attempt on the report has a process of its own, some time after the claim.
        const victim = attempt === 1 ? pid : await ownProcess(poison.reportId);
        process.kill(victim, 'SIGKILL');
      }
      const innocent = await requestReport(service, identity);
      const end = await finished(poison.reportId);
      assert.deepEqual([end.status, end.failure_code, end.attempt], ['FAILED', 'WORKER_LOST', 3]);
      const beside = await finished(innocent.reportId);
      assert.deepEqual([beside.status, beside.attempt], ['SUCCEEDED', 1]);
      await lock.release();
      const alive = await Promise.allSettled(
        workers.map(({ url }) => fetch(`${url}/health/ready`)),
      );
      assert.equal(alive.filter(({ status }) => status === 'fulfilled').length, 1);
    }));

  test('a worker that is stopped hands its report to the next one', () =>
    withWorkers(1, async () => {
      const impatient = await startWorker(service, { REPORT_WORKER_DRAIN_MS: '200' });
      await workers[0]?.kill();
      const lock = await holdLock(service.world, 'report.stop_facts');
      const { reportId } = await requestReport(service, dispatcherOf(service.world.north), {
        parameters: { groupBy: 'STOP' },
      });
      const { pid } = await running(reportId, 1);
      assert.equal(pid, impatient.pid);
      assert.equal(await impatient.stop(), 0);
      workers = [await startWorker(service)];
      await running(reportId, 2);
      await lock.release();
      assert.equal((await finished(reportId)).status, 'SUCCEEDED');
    }));

  test('a report is found although Redis forgot its hint', async () => {
    const { reportId } = await requestReport(service, dispatcherOf(service.world.north));
    await service.redis.flush();
    await withWorkers(1, async () => {
      assert.equal((await finished(reportId)).status, 'SUCCEEDED');
    });
  });

  test('a report is accepted while Redis is away and runs when it is back', () =>
    withWorkers(1, async () => {
      await service.redis.kill();
      const startedAt = performance.now();
      const { reportId } = await requestReport(service, dispatcherOf(service.world.north));
      const tookMs = performance.now() - startedAt;
      assert.ok(tookMs < 1_000, `answered after ${tookMs} ms`);
      assert.equal((await rowOf(service, reportId)).status, 'REQUESTED');
      await service.redis.start();
      assert.equal((await finished(reportId)).status, 'SUCCEEDED');
    }));

  test('a hint that comes twice runs a report once', () =>
    withWorkers(2, async () => {
      const { reportId } = await requestReport(service, dispatcherOf(service.world.north));
      const organizationId = service.world.north.id;
      for (const _again of [1, 2, 3]) await service.queue.enqueue([{ reportId, organizationId }]);
      const row = await finished(reportId);
      assert.deepEqual([row.status, row.attempt], ['SUCCEEDED', 1]);
    }));
});
