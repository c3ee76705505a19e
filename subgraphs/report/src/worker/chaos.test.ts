import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Identity } from '@quantumroute/ops/identity';
import { testKafka, testPostgres, withoutKafka } from '@quantumroute/ops/local/testing';
import type { TestPostgres } from '@quantumroute/ops/local/testing';

import { databaseNow, readHistory, recordHistory, withDatabase } from '../../test/chaos/history.ts';
import type { Step } from '../../test/chaos/history.ts';
import { followReport } from '../../test/chaos/subscriber.ts';
import type { Told } from '../../test/chaos/subscriber.ts';
import { startReportService } from '../../test/report-service.ts';
import type { ReportService } from '../../test/report-service.ts';
import { inputOf, requestReport } from '../../test/requests.ts';
import { until } from '../../test/until.ts';
import { startWorker } from '../../test/worker-process.ts';
import type { WorkerProcess } from '../../test/worker-process.ts';
import { dispatcherOf } from '../../test/world.ts';

const left = process.env['CHAOS'] === 'full' ? false : 'npm run test:chaos -- reports runs it';
const REPORTS = 300;
const STOPS = 2_000;
/** Three of them are killed. */
const WORKERS = 5;
const OUTAGE_MS = 2_000;
const TRIES = 5;
/** Of the machine that tests run on nothing is asked here. */
const PATIENT = { REPORT_QUOTA: '1000', DATABASE_STATEMENT_TIMEOUT_MS: '10000' };
const TAKE_OVER_MS = 7_000;
const TIMEOUT_MS = 500_000;

let server: TestPostgres;
const kafkaMissing = withoutKafka();

before(async () => {
  if (left) return;
  server = await testPostgres();
  process.env['TEST_DATABASE_URL'] = server.url;
});

after(() => server?.stop());

test(
  `${REPORTS} reports survive everything, with BullMQ`,
  { timeout: TIMEOUT_MS, skip: left },
  () => surviveEverything({ REPORT_QUEUE: 'bullmq' }),
);

test(
  `${REPORTS} reports survive everything, with Kafka`,
  { timeout: TIMEOUT_MS, skip: left || kafkaMissing },
  async () => {
    const kafka = await testKafka();
    await surviveEverything({ REPORT_QUEUE: 'kafka', KAFKA_BROKERS: kafka.brokers });
    await kafka.stop();
  },
);

/** A worker that was killed, with what it had in hand. */
type Kill = { pid: number; atMs: number };

async function surviveEverything(settings: Record<string, string>): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const service = await startReportService({ ...PATIENT, ...settings });
  stack.defer(() => service.close());
  const { north, south } = service.world;
  for (const tenant of [north, south])
    await service.world.addManyStops(tenant, '2026-11-02', STOPS);
  await recordHistory(service.world.databaseUrl);
  const workers = new Set(
    await Promise.all(Array.from({ length: WORKERS }, () => startSurely(service))),
  );
  stack.defer(async () => void (await Promise.all([...workers].map((worker) => worker.kill()))));

  const startedAt = performance.now();
  const reports = await requestAll(service);
  const watching = AbortSignal.timeout(TIMEOUT_MS);
  const told = Promise.all(
    reports.map(({ id, identity }) => followReport(service, { id, identity, signal: watching })),
  );
  const tell = (what: string) =>
    console.log(`${((performance.now() - startedAt) / 1_000).toFixed(1)} s: ${what}`);
  const kills: Kill[] = [];
  tell('all are requested');
  await whenEnded(service, 0.05);
  kills.push(await killOne(service, workers));
  tell('a worker was killed');
  await whenEnded(service, 0.15);
  await service.redis.flush();
  kills.push(await killOne(service, workers));
  tell('Redis was flushed, another worker killed');
  await whenEnded(service, 0.3);
  await server.crash();
  await sleep(OUTAGE_MS);
  await server.start();
  tell('PostgreSQL crashed and is back');
  await whenEnded(service, 0.45);
  kills.push(await killOne(service, workers));
  tell('a third worker was killed');
  const seen = await told;
  const seconds = (performance.now() - startedAt) / 1_000;

  const history = await readHistory(service.world.databaseUrl);
  const takeOvers = kills.flatMap((kill) => takeOversAfter(history, kill));
  const reconnects = seen.reduce((sum, { reconnects }) => sum + reconnects, 0);
  console.log(
    `${settings['REPORT_QUEUE']}: ${REPORTS} reports in ${seconds.toFixed(1)} s; ${takeOvers.length} taken over, ` +
      `after ${takeOvers.map((ms) => (ms / 1_000).toFixed(1)).join(', ')} s; ${reconnects} reconnects of subscribers`,
  );
  assert.ok(takeOvers.length > 0, 'no kill hit a report');
  assert.ok(Math.max(...takeOvers) < TAKE_OVER_MS, `taken over after ${takeOvers.join(', ')} ms`);
  for (const [index, { reportId }] of reports.entries()) {
    toldInOrder(seen[index], endedOnce(history.get(reportId) ?? []));
  }
  await writtenOnce(service, reports.length);
}

/** A few at a time: how many can be asked for at once is not the question here. */
async function requestAll(service: ReportService) {
  const { north, south } = service.world;
  const requested: { id: string; reportId: string; identity: Identity }[] = [];
  const parameters = { groupBy: 'STOP' };
  while (requested.length < REPORTS) {
    const some = [north, south, north].slice(0, REPORTS - requested.length).map(async (tenant) => {
      const identity = dispatcherOf(tenant);
      const requested = await requestSurely(service, identity, inputOf({ parameters }));
      return { ...requested, identity };
    });
    requested.push(...(await Promise.all(some)));
  }
  return requested;
}

/** As a client does: the same again, with the same key, when no answer has come. */
async function requestSurely(service: ReportService, identity: Identity, input: object) {
  for (let call = 1; ; call += 1) {
    try {
      return await requestReport(service, identity, { ...input });
    } catch (error) {
      if (call === TRIES) throw error;
    }
  }
}

async function whenEnded({ world }: ReportService, ratio: number): Promise<void> {
  const ended = `select count(*)::int as count from report.reports where status not in ('REQUESTED', 'RUNNING')`;
  await until(
    async () => {
      const { rows } = await withDatabase(world.databaseUrl, (sql) => sql.query(ended));
      return rows[0].count >= REPORTS * ratio;
    },
    { what: `the end of ${ratio * 100} %`, withinMs: 200_000 },
  );
}

/** Kills a worker in the middle of a report that has not lost one before. */
async function killOne(service: ReportService, workers: Set<WorkerProcess>): Promise<Kill> {
  const { databaseUrl } = service.world;
  const running = `select worker_id from report.reports
    where status = 'RUNNING' and phase <> 'WAITING' and attempt = 1`;
  const { value: victim } = await until(
    async () => {
      const { rows } = await withDatabase(databaseUrl, (sql) => sql.query(running));
      const pids = rows.map((row) => Number(String(row['worker_id']).split(':').at(-1)));
      return [...workers].find(({ pid }) => pids.includes(pid));
    },
    { what: 'a worker with work', withinMs: 60_000 },
  );
  const kill = { pid: victim.pid, atMs: await databaseNow(databaseUrl) };
  workers.delete(victim);
  await victim.kill();
  return kill;
}

/** A worker that cannot reach its database ends, and whoever runs it starts it again. */
async function startSurely(service: ReportService): Promise<WorkerProcess> {
  for (let start = 1; ; start += 1) {
    try {
      return await startWorker(service);
    } catch (error) {
      if (start === TRIES) throw error;
    }
  }
}

/** How long each report waited that a killed worker had in hand. */
function takeOversAfter(history: Map<string, Step[]>, { pid, atMs }: Kill): number[] {
  return [...history.values()].flatMap((steps) => {
    const lost = steps.findLastIndex((step) => step.atMs <= atMs + 50);
    const [held, next] = [steps[lost], steps[lost + 1]];
    if (held?.status !== 'RUNNING' || held.workerPid !== pid) return [];
    if (next === undefined || next.attempt === held.attempt) return [];
    return [next.atMs - atMs];
  });
}

const ORDER = ['REQUESTED', 'RUNNING', 'SUCCEEDED', 'FAILED'];

/**
 * From REQUESTED over RUNNING to one end, attempts counted upwards; gives that end. Only who lost
 * three attempts to what happens here has failed.
 */
function endedOnce(steps: readonly Step[]): string {
  const places = steps.map(({ status }) => ORDER.indexOf(status));
  const attempts = steps.map(({ attempt }) => attempt);
  const life = JSON.stringify(steps);
  assert.deepEqual(places, ascending(places), life);
  assert.deepEqual(attempts, ascending(attempts), life);
  assert.equal(places.filter((place) => place >= ORDER.indexOf('SUCCEEDED')).length, 1, life);
  const end = steps.at(-1);
  assert.ok(end?.status === 'SUCCEEDED' || end?.attempt === 3, life);
  return end.status;
}

/** Nobody hears of an earlier state after a later one, and everybody hears of the end. */
function toldInOrder(told: Told | undefined, end: string): void {
  const { statuses = [], versions = [] } = told ?? {};
  assert.equal(statuses.at(-1), end);
  assert.deepEqual(versions, ascending(versions));
}

function ascending(numbers: readonly number[]): number[] {
  return numbers.toSorted((one, other) => one - other);
}

/** A report that succeeded has its rows and its file once; one that failed has neither. */
async function writtenOnce(service: ReportService, count: number): Promise<void> {
  const written = `
    select report.id, report.status = 'SUCCEEDED' as "isSuccess", report.rows_read::int as read,
      (select count(*)::int from report.report_rows stored where stored.report_id = report.id
        and stored.attempt = report.attempt) as rows,
      (select count(*)::int from report.report_artifacts artifact
        where artifact.report_id = report.id) as artifacts
    from report.reports report`;
  const { rows } = await withDatabase(service.world.databaseUrl, (sql) => sql.query(written));
  assert.equal(rows.length, count);
  let failed = 0;
  for (const { id, isSuccess, read, rows: stored, artifacts } of rows) {
    if (isSuccess) assert.deepEqual([read, stored, artifacts], [STOPS, STOPS, 1], id);
    else failed += 1;
    // Files of attempts that were lost are swept once the report has ended.
    const files = isSuccess ? 1 : 0;
    await until(async () => (await service.store.keysOf(id)).length === files, {
      what: 'the sweep',
    });
  }
  console.log(`${failed} of them failed, by losing each of three attempts`);
  assert.ok(failed <= WORKERS, `${failed} failed`);
}
