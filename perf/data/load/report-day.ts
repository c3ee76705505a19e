import type { ClientBase } from 'pg';
import type { Day } from '../calendar.ts';

/**
 * Prepares the reports for facts of a day, before they are written in the same transaction: the
 * month gets its partition, and the day is to be summed up by the worker.
 */
export async function openReportDay(
  client: ClientBase,
  { organizationId, day }: { organizationId: string; day: Day },
): Promise<void> {
  await client.query('select report.open_fact_month($1::date)', [day]);
  await client.query(
    `insert into report.dirty_days as dirty (organization_id, service_date, since)
     values ($1, $2, now())
     on conflict (organization_id, service_date)
       do update set since = least(dirty.since, excluded.since)`,
    [organizationId, day],
  );
}
