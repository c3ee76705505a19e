import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Identity } from '@quantumroute/ops/identity';
import type { TestPostgres } from '@quantumroute/ops/local/testing';

import { startReportService } from '../report-service.ts';
import type { ReportService } from '../report-service.ts';
import { inputOf, requestReport } from '../requests.ts';
import { until } from '../until.ts';
import { startWorker } from '../worker-process.ts';
import type { WorkerProcess } from '../worker-process.ts';
import { dispatcherOf } from '../world.ts';
import { endedOnce, toldInOrder, writtenOnce } from './ended-once.ts';
import { readHistory, recordHistory, withDatabase } from './history.ts';
import { followReport } from './subscriber.ts';
import { TAKE_OVER_MS, takeOversAfter } from './take-overs.ts';
import type { Kill, Outage, TakeOver } from './take-overs.ts';

export type Scenario = {
  readonly settings: Readonly<Record<string, string>>;
  readonly reports: number;
  /** Stops of each report. */
  readonly stops: number;
  readonly workers: number;
  /** One after the other, each when this share of the reports has ended. */
  readonly faults: readonly (readonly [endedRatio: number, fault: Fault])[];
  readonly timeoutMs: number;
};

export type Fault = 'kill a worker' | 'flush Redis' | 'crash PostgreSQL';

const PLACES = 2;
const OUTAGE_MS = 2_000;
const TRIES = 5;
/** Of the machine that tests run on nothing is asked here. */
const PATIENT = {
  REPORT_QUOTA: '1000',
  DATABASE_STATEMENT_TIMEOUT_MS: '10000',
  REPORT_WORKER_CONCURRENCY: String(PLACES),
};

/** Requests reports, lets workers run them and everything happen meanwhile; holds all to what is promised. */
export async function surviveEverything(server: TestPostgres, scenario: Scenario): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const { settings, timeoutMs, stops: rowsEach } = scenario;
  const service = await startReportService({ ...PATIENT, ...settings });
  stack.defer(() => service.close());
  const { north, south } = service.world;
  for (const tenant of [north, south])
    await service.world.addManyStops(tenant, '2026-11-02', rowsEach);
  await recordHistory(service.world.databaseUrl);
  const reports = await requestAll(service, scenario.reports);
  const workers = new Set(
    await Promise.all(Array.from({ length: scenario.workers }, () => startSurely(service))),
  );
  stack.defer(async () => void (await Promise.all([...workers].map((worker) => worker.kill()))));
  const startedAt = performance.now();
  const watching = AbortSignal.timeout(timeoutMs);
  const told = Promise.all(
    reports.map(({ id, identity }) => followReport(service, { id, identity, signal: watching })),
  );
  const suffered = await sufferFaults({ service, server, workers, scenario, startedAt });
  const seen = await told;
  const seconds = (performance.now() - startedAt) / 1_000;

  const history = await readHistory(service.world.databaseUrl);
  for (const [index, { reportId }] of reports.entries()) {
    toldInOrder(seen[index], endedOnce(history.get(reportId) ?? []));
  }
  const failed = await writtenOnce(service, { reports: scenario.reports, rowsEach });
  const reconnects = seen.reduce((sum, { reconnects }) => sum + reconnects, 0);
  console.log(
    `${reports.length} reports in ${seconds.toFixed(1)} s, ${failed} of them failed, by losing each of ` +
      `three attempts; ${reconnects} reconnects of subscribers`,
  );
  assert.ok(failed <= scenario.workers, `${failed} failed`);
  const living = scenario.workers - suffered.kills.length;
  takenOverInTime(takeOversAfter(history, suffered), living * PLACES);
}

/** Within seven seconds where a place was free; otherwise before anything new was begun. */
function takenOverInTime(takeOvers: readonly TakeOver[], livingPlaces: number): void {
  const told = takeOvers.map(
    ({ tookMs, busyPlaces, overtakenBy }) =>
      `${(tookMs / 1_000).toFixed(1)} s (${busyPlaces} places busy, overtaken by ${overtakenBy})`,
  );
  console.log(`${takeOvers.length} were taken over, after ${told.join(', ')}`);
  assert.ok(takeOvers.length > 0, 'no kill hit a report');
  for (const { tookMs, busyPlaces, overtakenBy } of takeOvers) {
    assert.equal(overtakenBy, 0, 'new reports were begun before a lost one');
    assert.ok(tookMs < TAKE_OVER_MS || busyPlaces >= livingPlaces, `waited for ${tookMs} ms`);
  }
}

type Suffering = {
  service: ReportService;
  server: TestPostgres;
  workers: Set<WorkerProcess>;
  scenario: Scenario;
  startedAt: number;
};

async function sufferFaults({ service, server, workers, scenario, startedAt }: Suffering) {
  const kills: Kill[] = [];
  const outages: Outage[] = [];
  for (const [ratio, fault] of scenario.faults) {
    await whenEnded(service, Math.ceil(scenario.reports * ratio));
    if (fault === 'kill a worker') kills.push(await killOne(service, workers));
    else if (fault === 'flush Redis') await service.redis.flush();
    else outages.push(await crash(server));
    console.log(`${((performance.now() - startedAt) / 1_000).toFixed(1)} s: ${fault}`);
  }
  return { kills, outages };
}

async function crash(server: TestPostgres): Promise<Outage> {
  const fromMs = Date.now();
  await server.crash();
  await sleep(OUTAGE_MS);
  await server.start();
  return { fromMs, toMs: Date.now() };
}

/** A few at a time: how many can be asked for at once is not the question here. */
async function requestAll(service: ReportService, count: number) {
  const { north, south } = service.world;
  const requested: { id: string; reportId: string; identity: Identity }[] = [];
  while (requested.length < count) {
    const some = [north, south, north].slice(0, count - requested.length).map(async (tenant) => {
      const identity = dispatcherOf(tenant);
      const input = inputOf({ parameters: { groupBy: 'STOP' } });
      // As a client does: the same again, with the same key, when no answer has come.
      return { ...(await surely(() => requestReport(service, identity, input))), identity };
    });
    requested.push(...(await Promise.all(some)));
  }
  return requested;
}

async function whenEnded({ world }: ReportService, count: number): Promise<void> {
  const ended = `select count(*)::int as count from report.reports where status not in ('REQUESTED', 'RUNNING')`;
  await until(
    async () => {
      const { rows } = await withDatabase(world.databaseUrl, (sql) => sql.query(ended));
      return rows[0].count >= count;
    },
    { what: `the end of ${count}`, withinMs: 200_000 },
  );
}

/** Kills a worker in the middle of a report that has not lost one before. */
async function killOne(service: ReportService, workers: Set<WorkerProcess>): Promise<Kill> {
  const { value: kill } = await until(
    async () => {
      const busy = await busyPids(service);
      const victim = [...workers].find(({ pid }) => busy.has(pid));
      if (victim === undefined) return null;
      // It stands still while we look again, so that it cannot end its report just before it dies.
      process.kill(victim.pid, 'SIGSTOP');
      await sleep(100);
      const atMs = Date.now();
      if (!(await busyPids(service)).has(victim.pid)) {
        process.kill(victim.pid, 'SIGCONT');
        return null;
      }
      workers.delete(victim);
      await victim.kill();
      return { pid: victim.pid, atMs };
    },
    { what: 'a worker with work', withinMs: 60_000 },
  );
  return kill;
}

async function busyPids({ world }: ReportService): Promise<Set<number>> {
  const running = `select worker_id from report.reports
    where status = 'RUNNING' and phase <> 'WAITING' and attempt = 1`;
  const { rows } = await withDatabase(world.databaseUrl, (sql) => sql.query(running));
  return new Set(rows.map((row) => Number(String(row['worker_id']).split(':').at(-1))));
}

/** A worker that cannot reach its database ends, and whoever runs it starts it again. */
function startSurely(service: ReportService): Promise<WorkerProcess> {
  return surely(() => startWorker(service));
}

async function surely<T>(work: () => Promise<T>): Promise<T> {
  for (let call = 1; ; call += 1) {
    try {
      return await work();
    } catch (error) {
      if (call === TRIES) throw error;
    }
  }
}
