import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { createLogger } from '@quantumroute/ops/log';

import type { ReportService } from '../../test/report-service.ts';
import { startReportService } from '../../test/report-service.ts';
import { requestReport, rowOf } from '../../test/requests.ts';
import { dispatcherOf } from '../../test/world.ts';
import type { ReconcilerParts } from './reconciler.ts';
import { reconcile } from './reconciler.ts';

let service: ReportService;

before(async () => {
  service = await startReportService();
});

after(() => service?.close());

function round(changes: Partial<ReconcilerParts> = {}): Promise<void> {
  const { postgres, store, publish } = service;
  const log = createLogger({ service: 'reconciler-test', level: 'silent' });
  const takeDue = async () => undefined;
  return reconcile({ postgres, store, publish, log, takeDue, ...changes });
}

/** Reports that are over, with something to sweep, the first of them for longest. */
async function endedReports(count: number): Promise<string[]> {
  const ended: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const { reportId } = await requestReport(service, dispatcherOf(service.world.north));
    await service.world.sql.query(
      `update report.reports set status = 'SUCCEEDED', finished_at = now(), swept = false,
         expires_at = now() + interval '1 day', changed_at = now() where id = $1`,
      [reportId],
    );
    ended.push(reportId);
  }
  return ended;
}

async function unswept(): Promise<string[]> {
  const { rows } = await service.world.sql.query<{ id: string }>(
    'select id from report.reports where not swept order by changed_at',
  );
  return rows.map(({ id }) => id);
}

test('a file that is not ours stays, and keeps nobody from sweeping', async () => {
  const [first = '', second = ''] = await endedReports(2);
  const folder = join(service.env['REPORT_STORE_DIR'] ?? '', first);
  await mkdir(folder);
  await writeFile(join(folder, '.DS_Store'), 'of a desktop');
  await writeFile(join(folder, '1-lost.csv'), 'of a lost attempt');
  assert.deepEqual(await unswept(), [first, second]);
  await round();
  assert.deepEqual(await unswept(), []);
  assert.deepEqual(await service.store.keysOf(first), []);
});

test('a report that cannot be swept is tried again and in the way of no other', async () => {
  const [first = '', second = ''] = await endedReports(2);
  const refusing = {
    ...service.store,
    keysOf: (reportId: string) =>
      reportId === first
        ? Promise.reject(new Error('permission denied'))
        : service.store.keysOf(reportId),
  };
  await round({ store: refusing });
  assert.deepEqual(await unswept(), [first]);
  assert.equal((await rowOf(service, second)).status, 'SUCCEEDED');
  await round();
  assert.deepEqual(await unswept(), []);
});

test('a slow Redis costs a round one wait, however many reports have expired', async () => {
  await endedReports(10);
  await service.world.sql.query(
    `update report.reports set expires_at = now() - interval '1 second' where status = 'SUCCEEDED'`,
  );
  const told: string[] = [];
  const startedAt = performance.now();
  await round({
    publish: async ({ status }) => {
      await sleep(1_000);
      told.push(status);
    },
  });
  assert.ok(told.length >= 10 && told.every((status) => status === 'EXPIRED'));
  assert.ok(performance.now() - startedAt < 5_000);
});
