import type { Sql } from '../storage/sql.ts';
import { sql } from '../storage/sql.ts';

/** Whatever runs a statement: the entity manager of a request, or the snapshot of a report. */
type Query = (statement: Sql) => Promise<readonly Record<string, unknown>[]>;

/** Everything that was committed before this instant is in the numbers of the organization. */
export async function dataAsOf(query: Query, organizationId: string): Promise<Date> {
  const [row] = await query(sql`
    select floor(extract(epoch from least(consumed_until, (
      select min(since) from report.dirty_days where organization_id = ${organizationId})
    )) * 1000)::float8 as "epochMs"
    from report.projection where consumer = 'facts'`);
  return new Date(Number(row?.['epochMs']));
}
