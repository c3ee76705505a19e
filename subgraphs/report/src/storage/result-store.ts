import type { EntityManager } from '@mikro-orm/postgresql';

import type { ReportUpdated } from '@quantumroute/schema/events';

import type { ChartSpec } from '../figures/chart.ts';
import type { Cells, ReportColumn } from '../figures/column.ts';
import type { KpiValue } from '../figures/kpi-value.ts';
import { ArtifactEntity } from './artifact-entity.ts';
import type { Artifact } from './artifact-entity.ts';
import type { Fence } from './fence.ts';
import { LeaseLostError } from './fence.ts';
import { change } from './lease-store.ts';

export type Result = {
  readonly dataAsOf: Date;
  readonly columns: readonly ReportColumn[];
  readonly totals: readonly KpiValue[];
  readonly charts: readonly ChartSpec[];
  readonly artifacts: readonly Artifact[];
  readonly rowsRead: number;
  /** How many of the rows are kept for paging. */
  readonly storedRows: number;
};

/** Writes the result and SUCCEEDED in one transaction: once, or not at all. */
export function finishReport(
  em: EntityManager,
  fence: Fence,
  result: Result & { retentionDays: number },
): Promise<ReportUpdated> {
  return em.transactional(async (tx) => {
    const event = await change(
      tx,
      fence,
      `status = 'SUCCEEDED', phase = 'DONE', ratio = 1, rows_read = ?, stored_rows = ?, lease_until = null,
       finished_at = now(), expires_at = now() + ? * interval '1 day', swept = (attempt = 1),
       data_as_of = ?, columns = ?::jsonb, totals = ?::jsonb, charts = ?::jsonb`,
      [
        result.rowsRead,
        result.storedRows,
        result.retentionDays,
        result.dataAsOf,
        JSON.stringify(result.columns),
        JSON.stringify(result.totals),
        JSON.stringify(result.charts),
      ],
    );
    if (result.artifacts.length > 0) {
      await tx.insertMany(
        ArtifactEntity,
        result.artifacts.map((artifact) => ({ ...artifact })),
      );
    }
    return event;
  });
}

/** Adds rows of an attempt, the first of them with `ordinal`, only while the attempt is alive. */
export async function appendRows(
  em: EntityManager,
  fence: Fence,
  { rows, ordinal }: { rows: readonly Cells[]; ordinal: number },
): Promise<void> {
  const { affectedRows } = await em.execute<{ affectedRows: number }>(
    `with fence as (
       select id, attempt from report.reports
       where id = ? and attempt = ? and status = 'RUNNING' for share)
     insert into report.report_rows (report_id, attempt, ordinal, cells)
     select fence.id, fence.attempt, ?::int + added.position - 1, added.cells
     from fence, jsonb_array_elements(?::jsonb) with ordinality added (cells, position)`,
    [fence.reportId, fence.attempt, ordinal, JSON.stringify(rows)],
    'run',
  );
  if (affectedRows === 0 && rows.length > 0) throw new LeaseLostError(fence);
}

/** Whether this attempt made the result that the report has. */
export async function isResult(em: EntityManager, fence: Fence): Promise<boolean> {
  const rows: unknown[] = await em.execute(
    `select 1 from report.reports where id = ? and attempt = ? and status = 'SUCCEEDED'`,
    [fence.reportId, fence.attempt],
  );
  return rows.length > 0;
}
