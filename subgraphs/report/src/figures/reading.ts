import { sql } from '../storage/sql.ts';
import type { Query } from './measure.ts';
import type { Period } from './period.ts';
import type { Reading } from './source.ts';

/**
 * Where one snapshot may be read so that all of its numbers agree: a day of which a fact has come in
 * since its sums were made would say one thing stop by stop and another summed up.
 */
export async function readingOf(
  query: Query,
  { organizationId, periods }: { organizationId: string; periods: readonly Period[] },
): Promise<Reading> {
  for (const { from, to } of periods) {
    const dirty = await query(sql`select 1 from report.dirty_days
      where organization_id = ${organizationId}
      and service_date >= ${from}::date and service_date <= ${to}::date limit 1`);
    if (dirty.length > 0) return 'facts';
  }
  return 'roll-ups';
}
