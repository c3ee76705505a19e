import assert from 'node:assert/strict';

import type { ReportService } from '../report-service.ts';
import { until } from '../until.ts';
import { withDatabase } from './history.ts';
import type { Step } from './history.ts';
import type { Told } from './subscriber.ts';

const ORDER = ['REQUESTED', 'RUNNING', 'SUCCEEDED', 'FAILED'];

/**
 * From REQUESTED over RUNNING to one end, attempts counted upwards; gives that end. Only who lost
 * three attempts to what happens here has failed.
 */
export function endedOnce(steps: readonly Step[]): string {
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
export function toldInOrder(told: Told | undefined, end: string): void {
  const { statuses = [], versions = [] } = told ?? {};
  assert.equal(statuses.at(-1), end);
  assert.deepEqual(versions, ascending(versions));
}

function ascending(numbers: readonly number[]): number[] {
  return numbers.toSorted((one, other) => one - other);
}

/** A report that succeeded has its rows and its file once; one that failed has neither. Gives how many failed. */
export async function writtenOnce(
  service: ReportService,
  { reports, rowsEach }: { reports: number; rowsEach: number },
): Promise<number> {
  const written = `
    select report.id, report.status = 'SUCCEEDED' as "isSuccess", report.rows_read::int as read,
      (select count(*)::int from report.report_rows stored where stored.report_id = report.id
        and stored.attempt = report.attempt) as rows,
      (select count(*)::int from report.report_artifacts artifact
        where artifact.report_id = report.id) as artifacts
    from report.reports report`;
  const { rows } = await withDatabase(service.world.databaseUrl, (sql) => sql.query(written));
  assert.equal(rows.length, reports);
  for (const { id, isSuccess, read, rows: stored, artifacts } of rows) {
    if (isSuccess) assert.deepEqual([read, stored, artifacts], [rowsEach, rowsEach, 1], id);
    // Files of attempts that were lost are swept once the report has ended.
    const files = isSuccess ? 1 : 0;
    await until(async () => (await service.store.keysOf(id)).length === files, {
      what: 'the sweep',
      withinMs: 60_000,
    });
  }
  return rows.filter(({ isSuccess }) => !isSuccess).length;
}
