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

/**
 * Days of the period about which something was recorded more than 24 hours after their end, the
 * latest change first; `limit` of them.
 */
export async function restatedDays(
  query: Query,
  { organizationId, from, to, limit }: RestatedPeriod,
): Promise<RestatedDay[]> {
  const rows = await query(sql`
    select service_date::text as day, revision,
      floor(extract(epoch from restated_at) * 1000)::float8 as "restatedMs"
    from report.day_states
    where organization_id = ${organizationId} and restated_at is not null
      and service_date >= ${from}::date and service_date <= ${to}::date
    order by restated_at desc limit ${limit}`);
  return rows.map((row) => ({
    day: String(row['day']),
    revision: Number(row['revision']),
    restatedAt: new Date(Number(row['restatedMs'])),
  }));
}

type RestatedPeriod = {
  readonly organizationId: string;
  readonly from: string;
  readonly to: string;
  readonly limit: number;
};

export type RestatedDay = {
  /** `YYYY-MM-DD` */
  readonly day: string;
  /** How often the day has been summed up. */
  readonly revision: number;
  readonly restatedAt: Date;
};
