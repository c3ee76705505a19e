import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import type { ReportService } from '../../test/report-service.ts';
import { startReportService } from '../../test/report-service.ts';
import { claimReport, requestReport, rowOf } from '../../test/requests.ts';
import { dispatcherOf } from '../../test/world.ts';
import { LeaseLostError } from './fence.ts';
import { claimNextReport, releaseReport, renewLease } from './lease-store.ts';
import { failLostReports } from './reconcile-store.ts';

let service: ReportService;

before(async () => {
  service = await startReportService();
});

after(() => service?.close());

async function requested(): Promise<string> {
  return (await requestReport(service, dispatcherOf(service.world.north))).reportId;
}

function claim(workerId: string, em = service.postgres.fork()) {
  return claimNextReport(em, { workerId, leaseMs: 60_000 });
}

test('a waiting report is claimed once', async () => {
  await requested();
  const claims = await Promise.all(['one', 'two', 'three'].map((name) => claim(name)));
  assert.equal(claims.filter((claimed) => claimed !== null).length, 1);
});

test('a worker that sleeps in the middle of its claim does not wake up with the fence of another', async () => {
  const reportId = await requested();
  const em = service.postgres.fork();
  const find = em.findOne.bind(em);
  const expire = `update report.reports set lease_until = now() - interval '1 second' where id = $1`;
  em.findOne = (async (...args: Parameters<typeof find>) => {
    await service.world.sql.query(expire, [reportId]);
    assert.equal((await claim('quick'))?.report.id, reportId);
    return find(...args);
  }) as typeof em.findOne;
  em.findOneOrFail = em.findOne as typeof em.findOneOrFail;
  assert.equal(await claim('sleepy', em), null);
});

test('a lease is renewed by the latest attempt only', async () => {
  const reportId = await requested();
  await claimReport(service, reportId);
  await renewLease(service.postgres.fork(), { reportId, attempt: 1 }, 60_000);
  await assert.rejects(
    renewLease(service.postgres.fork(), { reportId, attempt: 2 }, 60_000),
    LeaseLostError,
  );
});

test('workers that stop and hand a report over do not use up its attempts', async () => {
  const reportId = await requested();
  for (const attempt of [1, 2, 3, 4]) {
    const claimed = await claim(`worker ${attempt}`);
    assert.equal(claimed?.report.attempt, attempt);
    const fence = { reportId, attempt };
    await releaseReport(service.postgres.fork(), fence, { delayMs: 0, isHandover: true });
    await failLostReports(service.postgres.fork());
    assert.equal((await rowOf(service, reportId)).status, 'RUNNING');
  }
});
