import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import type { ReportService } from '../../test/report-service.ts';
import { startReportService } from '../../test/report-service.ts';
import { requestReport } from '../../test/requests.ts';
import { dispatcherOf } from '../../test/world.ts';
import { sweepRows } from './reconcile-store.ts';
import { cancelReport } from './cancel-store.ts';

let service: ReportService;

before(async () => {
  service = await startReportService();
});

after(() => service?.close());

async function canceledReport({ rows }: { rows: number }): Promise<string> {
  const { north } = service.world;
  const { reportId } = await requestReport(service, dispatcherOf(north));
  const viewer = { organizationId: north.id, partnerId: null, subject: 'dispatcher' };
  await cancelReport(service.postgres.fork(), viewer, reportId);
  await service.world.sql.query(
    `insert into report.report_rows (report_id, attempt, ordinal, cells)
     select $1, 1, n, '{}' from generate_series(1, $2::int) n`,
    [reportId, rows],
  );
  return reportId;
}

async function leftOf(reportId: string): Promise<{ rows: number; swept: boolean }> {
  const { rows } = await service.world.sql.query<{ rows: number; swept: boolean }>(
    `select swept, (select count(*)::int from report.report_rows where report_id = $1) as rows
     from report.reports where id = $1`,
    [reportId],
  );
  assert.ok(rows[0]);
  return rows[0];
}

test('rows are swept a bounded number at a time until none is left', async () => {
  const reportId = await canceledReport({ rows: 10_500 });
  await sweepRows(service.postgres.fork(), reportId);
  assert.deepEqual(await leftOf(reportId), { rows: 500, swept: false });
  await sweepRows(service.postgres.fork(), reportId);
  assert.deepEqual(await leftOf(reportId), { rows: 0, swept: true });
});

test('a sweep that meets another one does not tick off what the other has not finished', async () => {
  const reportId = await canceledReport({ rows: 10_500 });
  const { sql } = service.world;
  await sql.query('begin');
  await sql.query('delete from report.report_rows where report_id = $1 and ordinal <= 10000', [
    reportId,
  ]);
  const sweeping = sweepRows(service.postgres.fork(), reportId);
  await sleep(500);
  await sql.query('commit');
  await sweeping;
  const { rows, swept } = await leftOf(reportId);
  assert.ok(rows === 0 || !swept, `${rows} rows are left and nobody would look for them`);
});
