import { sql } from '../storage/sql.ts';
import type { Query } from './measure.ts';
import type { Period } from './period.ts';
import type { Reading } from './source.ts';

/**
 * Where one snapshot may be read so that all of its numbers agree: a day of which a fact has come in
 * since its sums were made would say one thing stop by stop and another summed up. Months in the
 * archive have sums only: a period with one of them would lose far more by its facts.
 */
export async function readingOf(
  query: Query,
  { organizationId, periods }: { organizationId: string; periods: readonly Period[] },
): Promise<Reading> {
  let reading: Reading = 'roll-ups';
  for (const { from, to } of periods) {
    const [days] = await query(sql`select
      exists (select from report.dirty_days where organization_id = ${organizationId}
        and service_date >= ${from}::date and service_date <= ${to}::date) as "areDirty",
      exists (select from report.fact_months where closed_at is not null
        and month > ${from}::date - interval '1 month' and month <= ${to}::date) as "areArchived"`);
    if (days?.['areArchived'] === true) return 'roll-ups';
    if (days?.['areDirty'] === true) reading = 'facts';
  }
  return reading;
}
