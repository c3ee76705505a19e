import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import type { ReportService } from '../../test/report-service.ts';
import { startReportService } from '../../test/report-service.ts';
import { claimReport, requestReport } from '../../test/requests.ts';
import { dispatcherOf } from '../../test/world.ts';

let service: ReportService;

before(async () => {
  service = await startReportService();
});

after(() => service?.close());

type Progress = { queuePosition: number | null; remainingSeconds: number | null };

async function progressOf(ids: readonly string[]): Promise<Progress[]> {
  const query =
    '{ reports(first: 100) { nodes { id progress { queuePosition remainingSeconds } } } }';
  const seen = new Map<string, Progress>();
  for (const tenant of [service.world.north, service.world.south]) {
    type Data = { reports: { nodes: { id: string; progress: Progress }[] } };
    const { reports } = await service.data<Data>({ query, identity: dispatcherOf(tenant) });
    for (const { id, progress } of reports.nodes) seen.set(id, progress);
  }
  return ids.map((id) => seen.get(id) ?? assert.fail(`no report ${id}`));
}

/** A run of the same kind and length that took so long. */
async function pastRun(seconds: number, lastDay = '2026-11-30'): Promise<void> {
  await service.world.sql.query(
    `insert into report.reports (id, organization_id, requested_by, kind, subject_type, subject_id,
       period_from, period_to, parameters, formats, status, phase, attempt, requested_at, started_at,
       finished_at)
     values (gen_random_uuid(), $1, 'somebody', 'ON_TIME_IN_FULL', 'organization', $1, '2026-11-01',
       $3, '{}', '{CSV}', 'SUCCEEDED', 'DONE', 1, now() - interval '1 hour',
       now() - $2 * interval '1 second', now())`,
    [service.world.north.id, seconds, lastDay],
  );
}

test('the place in the queue and the remaining time are told while they are known', async () => {
  const { north, south, sql } = service.world;
  const period = { from: '2026-11-01', to: '2026-11-30' };
  const ask = (identity = dispatcherOf(north), locale = 'en') =>
    requestReport(service, identity, { period, locale });
  const one = await ask();
  const two = await ask(dispatcherOf(north), 'de');
  const other = await ask(dispatcherOf(south));
  const ids = [one.id, two.id, other.id];
  const unknown = { remainingSeconds: null };
  assert.deepEqual(await progressOf(ids), [
    { queuePosition: 1, ...unknown },
    { queuePosition: 3, ...unknown },
    { queuePosition: 2, ...unknown },
  ]);
  for (const seconds of [5, 10, 100]) await pastRun(seconds);
  await pastRun(900, '2026-11-01');
  assert.deepEqual(
    (await progressOf(ids)).map(({ remainingSeconds }) => remainingSeconds),
    [10, 30, null],
  );
  await claimReport(service, one.reportId);
  const [running, waiting] = await progressOf(ids);
  assert.equal(running?.queuePosition, null);
  assert.ok((running?.remainingSeconds ?? 0) >= 8 && (running?.remainingSeconds ?? 99) <= 10);
  assert.deepEqual(waiting, { queuePosition: 2, remainingSeconds: 20 });
  await sql.query(
    `update report.reports set started_at = now() - interval '1 minute' where id = $1`,
    [one.reportId],
  );
  assert.deepEqual((await progressOf(ids))[0], { queuePosition: null, ...unknown });
});
